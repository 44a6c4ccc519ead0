/** The app's clock is a dependency, so that tests can turn it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

export const addSeconds = (time: Date, seconds: number): Date => new Date(time.getTime() + seconds * 1000);
export const addDays = (time: Date, days: number): Date => addSeconds(time, days * 86_400);
export const secondsBetween = (earlier: Date, later: Date): number => (later.getTime() - earlier.getTime()) / 1000;
