import { afterEach, expect, it, vi } from 'vitest';
import { writeLog } from '../../../src/lib/app/log.ts';
import { BESIDE_REQUESTS } from '../../../src/lib/domain/log.ts';

afterEach(() => vi.restoreAllMocks());

it('A line is one JSON object with its event; without a request it does not compile, but for events that concern none', () => {
  const written = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  writeLog('slice', { requestId: 'r', handled: 'done' });
  // @ts-expect-error: the line would not say which request it is about.
  writeLog('slice', { handled: 'done' });
  for (const event of BESIDE_REQUESTS) writeLog(event, { count: 1 });
  const lines: unknown[] = written.mock.calls.map(([line]) => JSON.parse(String(line)));
  expect(lines).toEqual([
    { event: 'slice', requestId: 'r', handled: 'done' },
    { event: 'slice', handled: 'done' },
    ...BESIDE_REQUESTS.map((event) => ({ event, count: 1 })),
  ]);
});
