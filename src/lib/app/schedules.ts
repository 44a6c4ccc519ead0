/**
 * Schedule of the watchdog, six fields; every two minutes unless `DSR_WATCHDOG_SCHEDULE` says otherwise. Read here and not by a `%…%` in
 * the binding: the host refuses a function whose setting is missing.
 */
export const watchdogSchedule = (): string => process.env.DSR_WATCHDOG_SCHEDULE || '0 */2 * * * *';

/** When each sweep ticks: at night, one after the other, unless `DSR_SWEEP_…_SCHEDULE` says otherwise. */
const SWEEP_TIMES = {
  results: '0 10 1 * * *',
  subjects: '0 40 1 * * *',
  history: '0 10 2 * * *',
  orphans: '0 40 2 * * *',
  policies: '0 10 3 * * *',
} as const;

export const sweepSchedule = (sweep: keyof typeof SWEEP_TIMES): string =>
  process.env[`DSR_SWEEP_${sweep.toUpperCase()}_SCHEDULE`] || SWEEP_TIMES[sweep];
