import { DeadlinePassed } from './failure.ts';

/**
 * Runs `work` with a signal that is raised after `seconds`. What `work` throws once the signal is raised counts as
 * {@link DeadlinePassed}; work that doesn't heed the signal is left behind.
 */
export async function withDeadline<T>(seconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    controller.abort();
    reject(new DeadlinePassed());
  }, seconds * 1000);
  try {
    return await Promise.race([work(controller.signal), promise]);
  } finally {
    clearTimeout(timer);
  }
}
