import { afterEach, expect, test, vi } from 'vitest';
import { writeLog } from '../../../src/lib/app/log.ts';
import { MASKED } from '../../../src/lib/domain/masking.ts';

afterEach(() => vi.restoreAllMocks());

test('a log line is one JSON object, and a secret that got there is masked by the table of documents', () => {
  const written = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  writeLog('tried', { requestId: 'r', count: 2, link: 'https://x.blob.core.windows.net/a?sig=abc&se=1', token: 'abc' });
  expect(written.mock.calls).toHaveLength(1);
  expect(JSON.parse(String(written.mock.calls[0]?.[0]))).toEqual({
    event: 'tried',
    requestId: 'r',
    count: 2,
    link: `https://x.blob.core.windows.net/a?sig=${MASKED}&se=1`,
    token: MASKED,
  });
});
