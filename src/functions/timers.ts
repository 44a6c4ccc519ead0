import { app, type InvocationContext, type Timer } from '@azure/functions';
import { input } from 'durable-functions';
import { watchdogSchedule } from '../lib/app/schedules.ts';
import { addSeconds } from '../lib/domain/clock.ts';
import { tellOpenWork } from '../lib/steps/runs/open-work.ts';
import { watch } from '../lib/steps/runs/watchdog.ts';
import { instancesOf } from './instances.ts';
import { traced } from './traced.ts';

/** Shorter than a function may run; what is left is looked at on the next tick. */
const WATCH_SECONDS = 240;
const TELL_SECONDS = 60;

async function handle(_timer: Timer, context: InvocationContext): Promise<void> {
  await traced(context, { name: 'dsr.watchdog', attributes: {} }, async (deps) => {
    const until = addSeconds(deps.clock.now(), WATCH_SECONDS);
    const watched = await watch(deps, instancesOf(context), until);
    deps.log('watchdog', { ...watched });
    await tellOpenWork(deps, addSeconds(deps.clock.now(), TELL_SECONDS));
  });
}

export function registerTimers(): void {
  app.timer('watchdog', {
    schedule: watchdogSchedule(),
    extraInputs: [input.durableClient()],
    handler: handle,
  });
}
