import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenCredential } from '@azure/identity';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RunningAzurite, startAzurite } from '../../../local/host/azurite.ts';
import { linkTokens } from '../../../src/lib/app/link-tokens.ts';
import { addSeconds } from '../../../src/lib/domain/clock.ts';
import { mintRequestId } from '../../../src/lib/domain/ids.ts';
import { followLink, issueLink } from '../../../src/lib/steps/package/links.ts';
import { documentStore } from '../../../src/lib/store/documents.ts';
import { recordStore } from '../../../src/lib/store/records.ts';
import type { Storage } from '../../../src/lib/store/storage.ts';
import { ensureContainer } from '../../../src/lib/store/storage.ts';
import { storageLinks } from '../../../src/lib/store/storage-links.ts';
import { unsigned } from '../../functions/issuer.ts';
import { limitsWith } from '../steps/support/package-world.ts';
import { journalOf, PORTAL } from '../steps/support/request-stores.ts';
import { newRecord } from './support/records.ts';

const docs = join(import.meta.dirname, '../../../docs/opendsr');
const tls = { certificate: join(docs, 'certificate.pem'), key: join(docs, 'test-key.pem') };
let azurite: RunningAzurite;
let folder: string;
let storage: Storage;

/** A token as a managed identity gets it for storage; Azurite looks at all of it but the signature. */
const credential: TokenCredential = {
  getToken: async () => {
    const now = Math.floor(Date.now() / 1000);
    const identity = { oid: crypto.randomUUID(), tid: '11111111-1111-4111-8111-111111111111' };
    const claims = { aud: 'https://storage.azure.com', iss: `https://sts.windows.net/${identity.tid}/`, ...identity };
    const token = unsigned({ ...claims, iat: now - 60, nbf: now - 60, exp: now + 3600 }, 'RS256');
    return { token, expiresOnTimestamp: (now + 3600) * 1000 };
  },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dsr-links-'));
  azurite = await startAzurite({ dataDirectory: folder, tls });
  // The published test certificate is nobody's whom a client trusts, and for another name. This file talks to loopback only.
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  const account = new BlobServiceClient(azurite.blobUrl, credential);
  const queues = new QueueServiceClient(azurite.queueUrl, credential);
  storage = { account, container: account.getContainerClient('dsr'), queues };
  await ensureContainer(storage);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await azurite.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('An address of storage', () => {
  const name = 'package-001.zip';
  const contentType = 'application/zip';

  it('reads this one file, as what it is, until its time is over, and nothing else', async () => {
    const requestId = mintRequestId();
    const documents = documentStore(storage);
    await documents.save({ requestId, name }, [Buffer.from('volume')], contentType);
    await documents.write({ requestId, name: 'manifest.json' }, { v: 1 }, 'once');
    const now = new Date();
    const link = { contentType, now, until: addSeconds(now, 300) };
    const url = await storageLinks(storage).urlOf({ requestId, name }, link);
    const query = new URL(url).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({ sp: 'r', sr: 'b', spr: 'https' });
    // Signed by a key of the identity, not of the account.
    expect(query.get('skoid')).not.toBeNull();
    const answer = await fetch(url);
    expect(await answer.text()).toBe('volume');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-disposition': `attachment; filename="${name}"`,
      'content-type': contentType,
      'cache-control': 'no-store',
    });
    expect((await fetch(url.replace(name, 'manifest.json'))).status).toBe(403);
    const over = addSeconds(now, -1);
    const old = await storageLinks(storage).urlOf({ requestId, name }, { ...link, until: over });
    expect((await fetch(old)).status).toBe(403);
  });

  it('is where a link leads, told in the journal first, good for a minute from then on, in the link’s last moment too', async () => {
    const now = new Date();
    const record = newRecord({ state: 'completed', endedAt: now.toISOString() });
    const { requestId } = record;
    const records = recordStore(storage);
    await records.create(record);
    const documents = documentStore(storage);
    await documents.save({ requestId, name }, [Buffer.from('volume')], contentType);
    const key = randomBytes(32).toString('base64url');
    const links = { minutes: 10, tokens: linkTokens(async () => key), storage: storageLinks(storage) };
    const deps = { clock: { now: () => now }, limits: limitsWith(1_000_000), records, documents, links };
    const issued = await issueLink(deps, { requestId, file: name, actor: PORTAL });
    if (issued.kind !== 'issued') throw new Error(issued.kind);
    const grant = await links.tokens.open(issued.token);
    if (!grant) throw new Error('The token does not open.');
    const last = new Date(Date.parse(issued.until) - 1);
    const ends = async (at: Date): Promise<number> => {
      const followed = await followLink({ ...deps, clock: { now: () => at } }, { grant });
      if (followed.kind !== 'elsewhere') throw new Error(followed.kind);
      expect(await (await fetch(followed.url)).text()).toBe('volume');
      return Date.parse(new URL(followed.url).searchParams.get('se') ?? '') - at.getTime();
    };
    for (const at of [now, last]) expect(Math.abs((await ends(at)) - 60_000)).toBeLessThan(1000);
    const over = { ...deps, clock: { now: () => new Date(issued.until) } };
    expect(await followLink(over, { grant })).toEqual({ kind: 'expired', until: issued.until });
    expect((await journalOf({ records }, requestId)).slice(1)).toMatchObject([
      { event: 'link-issued', actor: 'portal' },
      ...[1, 2].map(() => ({ event: 'package-downloaded', actor: 'portal', reason: `${name} by link` })),
    ]);
  });
});
