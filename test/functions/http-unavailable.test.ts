import { describe, expect, it } from 'vitest';
import { problemOf, useApi } from './support.ts';

/** Port 1 answers nobody here. */
const NOWHERE =
  'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;';
const api = useApi(NOWHERE);

describe('Without a storage account', () => {
  it.each(['health', 'requests', 'requests/00000000-0000-4000-8000-000000000000'])(
    'GET %s answers 503 and says when to come again',
    async (path) => {
      const answer = await api.call(path);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await problemOf(answer)).toMatchObject({ status: 503, type: '/problems/unavailable' });
    },
  );
});
