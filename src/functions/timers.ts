import { app, type InvocationContext, type Timer } from '@azure/functions';
import { input } from 'durable-functions';
import { dependencies } from '../lib/app/composition.ts';
import { watchdogSchedule } from '../lib/app/schedules.ts';
import { addSeconds } from '../lib/domain/clock.ts';
import { watch } from '../lib/steps/runs/watchdog.ts';
import { instancesOf } from './instances.ts';

/** Shorter than a function may run; what is left is looked at on the next tick. */
const WATCH_SECONDS = 240;

async function handle(_timer: Timer, context: InvocationContext): Promise<void> {
  const deps = await dependencies();
  const watched = await watch(deps, instancesOf(context), addSeconds(deps.clock.now(), WATCH_SECONDS));
  deps.log('watchdog', { ...watched });
}

export function registerTimers(): void {
  app.timer('watchdog', {
    schedule: watchdogSchedule(),
    extraInputs: [input.durableClient()],
    handler: handle,
  });
}
