import { describe, expect, it, vi } from 'vitest';
import type { RequestRecord, Submission } from '../../../src/lib/domain/request.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { crashing, type Moment } from './support/crashing.ts';
import { Driver } from './support/driver.ts';
import { finalsOf, ledgersOf } from './support/ledgers.ts';
import { openStage } from './support/stage.ts';
import { keysIn } from './support/world-keys.ts';

const azurite = useAzurite();
// Whole requests, many times over: on a busy machine they take their time.
vi.setConfig({ testTimeout: 240_000 });

const sizes = { tags: 2, taggedImages: 2, untaggedImages: 1, deletedImages: 1, exports: 1, imageBytes: 30 };
const world = { resources: [{ projects: [sizes] }] };
/** Small budgets: continuation slices everywhere. */
const limits = { sliceItems: 2, sliceDownloads: 1, roundSlices: 3, resendSeconds: 30, roundSeconds: 20 };

interface Ended {
  readonly record: RequestRecord;
  readonly finals: string[];
  readonly calls: number;
  readonly crashes: number;
  readonly left: number;
  readonly open: number;
}

/** A request from its coming in to its end, by a process that ends at its k-th call and is started again. */
async function carriedOut(
  submission: Partial<Submission>,
  at: { k: number; moment: Moment },
  look: (ended: Ended) => void | Promise<void>,
): Promise<Ended> {
  await using stage = await openStage(azurite.storage, { world, limits });
  const faulty = crashing(stage.deps, at.k, at.moment);
  const driver = new Driver(stage, faulty.deps);
  const requestId = await driver.submit(submission);
  const record = await driver.toTheEnd(requestId);
  const ledgers = await ledgersOf(stage, requestId);
  const left = ['cv-projects', 'cv-iterations', 'cv-tags', 'cv-images'].flatMap((family) =>
    keysIn(stage.resource, family),
  ).length;
  const open = ledgers.reduce((sum, ledger) => sum + ledger.open, 0);
  const { crashes } = driver;
  const ended = { record, finals: finalsOf(ledgers), calls: faulty.calls, crashes, left, open };
  await look(ended);
  return ended;
}

/** Whole requests take their time: a spread of points here, every point of a slice in handle-slice-crash.test.ts. */
const POINTS = 9;
const NEVER = { k: Number.POSITIVE_INFINITY, moment: 'before' } as const;

const SUBMISSIONS: [string, Partial<Submission>][] = [
  ['export of images', { action: 'export', families: ['cv-images'] }],
  ['erasure of tags', { action: 'delete', families: ['cv-tags'] }],
];

describe.each(SUBMISSIONS)('An %s', (_, submission) => {
  it('comes to the same end wherever the process dies between two calls of a store or of upstream', async () => {
    const clean = await carriedOut(submission, NEVER, ({ record }) => expect(record.state).toBe('completed'));
    expect(clean.crashes).toBe(0);
    const stride = Math.ceil(clean.calls / POINTS);
    for (let k = 0; k < clean.calls; k += stride) {
      const moment = (k / stride) % 2 === 0 ? 'before' : 'after';
      await carriedOut(submission, { k, moment }, (ended) => {
        const { record, finals, left, open, crashes } = ended;
        expect({ k, moment, state: record.state, left, open, crashes, finals }).toEqual({
          k,
          moment,
          state: 'completed',
          left: clean.left,
          open: 0,
          crashes: 1,
          finals: clean.finals,
        });
      });
    }
  });
});
