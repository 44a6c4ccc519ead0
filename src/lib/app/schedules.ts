/**
 * Schedule of the watchdog, six fields; every two minutes unless `DSR_WATCHDOG_SCHEDULE` says otherwise. Read here and not by a `%…%` in
 * the binding: the host refuses a function whose setting is missing.
 */
export const watchdogSchedule = (): string => process.env.DSR_WATCHDOG_SCHEDULE || '0 */2 * * * *';
