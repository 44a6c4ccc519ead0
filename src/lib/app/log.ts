import type { Facts, Log } from '../domain/log.ts';

/** One structured event a line, on standard output: the host takes it from there. */
export const writeLog: Log = (event: string, facts: Facts): void => {
  console.log(JSON.stringify({ event, ...facts }));
};
