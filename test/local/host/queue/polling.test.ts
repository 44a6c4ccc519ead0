import { expect, it } from 'vitest';
import { PollingInterval } from '../../../../local/host/queue/polling.ts';

it('an empty queue is asked ever more seldom, up to the ceiling, and at once again after a message', () => {
  const interval = new PollingInterval(2000);
  const waits = Array.from({ length: 12 }, () => interval.foundNothing());
  expect(waits[0]).toBe(100);
  expect(waits.toSorted((one, other) => one - other)).toEqual(waits);
  expect(waits.at(-1)).toBe(2000);
  interval.foundMessages();
  expect(interval.foundNothing()).toBe(100);
});
