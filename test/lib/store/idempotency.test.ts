import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { mintRequestId } from '../../../src/lib/domain/ids.ts';
import { idempotencyKeys } from '../../../src/lib/store/idempotency.ts';
import { useAzurite } from './support/azurite.ts';

const account = useAzurite();
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');

it('a key is bound to the first of several requests, for good', async () => {
  const keys = idempotencyKeys(account.storage);
  const claims = Array.from({ length: 4 }, (_, index) => ({ requestId: mintRequestId(), bodyDigest: `body ${index}` }));
  const answers = await Promise.all(claims.map((claim) => keys.claim(digestOf('portal/1'), claim)));
  const winner = claims[answers.findIndex(({ kind }) => kind === 'new')];
  const losers = answers.filter(({ kind }) => kind === 'known');
  expect(losers).toEqual(Array.from({ length: 3 }, () => ({ kind: 'known', ...winner })));
  expect(await keys.claim(digestOf('portal/2'), { requestId: mintRequestId(), bodyDigest: '' })).toEqual({
    kind: 'new',
  });
});

it('a key that is no digest is refused', async () => {
  const claim = { requestId: mintRequestId(), bodyDigest: '' };
  await expect(idempotencyKeys(account.storage).claim('../record', claim)).rejects.toThrow();
});
