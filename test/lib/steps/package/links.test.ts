import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { linkTokens } from '../../../../src/lib/app/link-tokens.ts';
import { addSeconds } from '../../../../src/lib/domain/clock.ts';
import { mintRequestId, type RequestId } from '../../../../src/lib/domain/ids.ts';
import type { LinkGrant } from '../../../../src/lib/domain/package-link.ts';
import { followLink, issueLink } from '../../../../src/lib/steps/package/links.ts';
import { journalOf, NOW, PORTAL, STRANGER, storedRecord, useRequestStores } from '../support/request-stores.ts';

const stores = useRequestStores();
const file = 'package-001.zip';
const key = randomBytes(32).toString('base64url');
const tokens = linkTokens(async () => key);
const DAY = 86_400;
let requestId: RequestId;

/** As at a time so many seconds after the test's beginning, with packages to be had for three weeks. */
const at = (seconds: number) => ({
  ...stores.deps,
  clock: { now: () => addSeconds(NOW, seconds) },
  limits: { ...stores.deps.limits, downloadDays: 21 },
  links: { minutes: 10, tokens },
});

beforeEach(async () => {
  const submission = { action: 'export', subject: { reference: 'case-1' }, targets: 'all', families: 'all' } as const;
  const ended = { state: 'completed', endedAt: NOW.toISOString() } as const;
  const record = { ...ended, submission: { ...submission, scope: 'target', dryRun: false } } as const;
  ({ requestId } = await storedRecord(stores.deps, record));
  await stores.deps.documents.save({ requestId, name: file }, [Buffer.from('0123456789')], 'application/zip');
});

async function granted(seconds = 0, actor = PORTAL): Promise<LinkGrant> {
  const issued = await issueLink(at(seconds), { requestId, file, actor });
  if (issued.kind !== 'issued') throw new Error(issued.kind);
  const grant = await tokens.open(issued.token);
  if (!grant) throw new Error('The token does not open.');
  expect(grant.until).toBe(issued.until);
  return grant;
}

describe('A link to a file of the package', () => {
  it('leads to the file, whole or in ranges, for its minutes and no longer', async () => {
    const grant = await granted();
    const whole = await followLink(at(599), { grant });
    if (whole.kind !== 'file') throw new Error(whole.kind);
    expect((await buffer(whole.chunks)).toString()).toBe('0123456789');
    const part = await followLink(at(599), { grant, range: 'bytes=7-' });
    if (part.kind !== 'file') throw new Error(part.kind);
    expect((await buffer(part.chunks)).toString()).toBe('789');
    expect(await followLink(at(600), { grant })).toEqual({ kind: 'expired', until: grant.until });
  });

  it('is told in the journal each time one is issued, and each time it is followed from the first byte on, under who had it issued', async () => {
    const grant = await granted();
    const other = await granted(1);
    await granted(2, STRANGER);
    for (const range of [undefined, 'bytes=0-', 'bytes=1-', 'bytes=2-']) await followLink(at(3), { grant, range });
    for (const range of ['bytes=1-', 'bytes=2-']) await followLink(at(4), { grant: other, range });
    expect((await journalOf(stores.deps, requestId)).slice(1)).toMatchObject([
      { event: 'link-issued', actor: 'portal', reason: `${file} until 2026-03-01T12:10:00.000Z` },
      { event: 'link-issued', actor: 'portal', reason: `${file} until 2026-03-01T12:10:01.000Z` },
      { event: 'link-issued', actor: 'unnamed' },
      ...['whole', 'from its first byte on', 'ranges of the other'].map(() => ({
        event: 'package-downloaded',
        actor: 'portal',
        reason: `${file} by link`,
      })),
    ]);
  });

  it('never outlives the package, nor the time in which it is handed out', async () => {
    const end = 21 * DAY;
    const grant = await granted(end - 60);
    expect(grant.until).toBe(addSeconds(NOW, end).toISOString());
    expect((await issueLink(at(end), { requestId, file, actor: PORTAL })).kind).toBe('gone');
    const early = await granted(0);
    const since = addSeconds(NOW, 60).toISOString();
    const totals = {
      found: 0,
      saved: 0,
      erased: 0,
      absent: 0,
      kept: 0,
      refused: 0,
      gaps: 0,
      bytes: 0,
      drift: 0,
      documents: 0,
    };
    await stores.deps.records.change(requestId, (record) => ({
      record: { ...record, results: { since, totals } },
      entry: { at: since, actor: 'system', event: 'results-removal-begun', reason: 'The time is over.' },
    }));
    expect(await followLink(at(120), { grant: early })).toEqual({ kind: 'gone', since });
  });

  it('is not issued for what is not there, nor where the operator hands out none', async () => {
    const asked = { requestId, file, actor: PORTAL } as const;
    expect((await issueLink(stores.deps, asked)).kind).toBe('no-links');
    expect((await issueLink(at(0), { ...asked, file: 'package-002.zip' })).kind).toBe('none');
    expect((await issueLink(at(0), { ...asked, requestId: mintRequestId() })).kind).toBe('missing');
    const { requestId: open } = await storedRecord(stores.deps, { state: 'sealing' });
    expect((await issueLink(at(0), { ...asked, requestId: open })).kind).toBe('not-sealed');
  });
});
