import { join } from 'node:path';
import { z } from 'zod';
import type { FunctionMetadata, Invoker } from '../contract.ts';
import type { HostSettings } from '../options.ts';
import { resolveSettings } from '../settings.ts';
import { parseSchedule } from './schedule.ts';
import { Timer } from './timer.ts';

const timerTrigger = z.looseObject({
  schedule: z.string(),
  runOnStartup: z.boolean().default(false),
  useMonitor: z.boolean().default(true),
});

/** All timer functions of a host. @throws when a schedule cannot be read. */
export function makeTimers(
  functions: readonly FunctionMetadata[],
  { settings, log }: { settings: HostSettings; log: (line: string) => void },
  invoker: Invoker,
): Timer[] {
  return functions.flatMap(({ name, bindings }) =>
    Object.entries(bindings)
      .filter(([, { type }]) => type === 'timerTrigger')
      .map(([bindingName, binding]) => {
        const { schedule: expression, runOnStartup, useMonitor } = timerTrigger.parse(binding);
        const schedule = parseSchedule(resolveSettings(expression, settings.settings));
        const statusFile = join(settings.dataDirectory, 'timers', `${name}.json`);
        const monitored = useMonitor && !schedule.isUnderAMinute;
        return new Timer({
          functionName: name,
          bindingName,
          schedule,
          runOnStartup,
          statusFile: monitored ? statusFile : undefined,
          invoker,
          log,
        });
      }),
  );
}
