import { describe, expect, it, vi } from 'vitest';
import type { Project } from '../../../../local/simulator/world/model.ts';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import { receiptSchema } from '../../../../src/lib/domain/receipt.ts';
import type { RetentionPolicy } from '../../../../src/lib/domain/retention-policy.ts';
import { runSweep } from '../../../../src/lib/steps/sweeps/run-sweep.ts';
import type { Swept } from '../../../../src/lib/steps/sweeps/sweep.ts';
import type { RecordQuery } from '../../../../src/lib/store/record-list.ts';
import { Driver } from '../support/driver.ts';
import { order, useSweeps } from '../support/sweeping.ts';

vi.setConfig({ testTimeout: 240_000 });
const sizes = {
  tags: 1,
  taggedImages: 4,
  untaggedImages: 2,
  deletedImages: 0,
  imageBytes: 10,
  exports: 0,
  predictions: 6,
};
const here = useSweeps({
  world: { resources: [{ projects: [sizes] }] },
  limits: {
    patienceSeconds: 600,
    proofSeconds: 600,
    pauseSeconds: 5,
    roundSeconds: 60,
    resendSeconds: 1e6,
    requestDays: 60,
    decisionDays: 14,
  },
});
const DAY = 86_400_000;

const project = (): Project => {
  const [one] = here.stage.resource.projects.values();
  if (!one) throw new Error('The world has no project.');
  return one;
};
const policyOf = (change: Partial<RetentionPolicy> = {}): RetentionPolicy => ({
  name: 'old-predictions',
  target: here.stage.target.name,
  family: 'cv-predictions',
  olderThanDays: 30,
  approval: 'policy',
  everyDays: 7,
  ...change,
});
const tick = (policy: RetentionPolicy, dryRun = false): Promise<Swept> =>
  runSweep({ ...here.deps, policies: [policy] }, 'policies', order(here.deps, { dryRun }));

function only({ requests }: Swept): RequestId {
  const [requestId] = requests;
  if (!requestId || requests.length !== 1) throw new Error(`${requests.length} requests were made.`);
  return requestId;
}

interface Aged {
  readonly id: string;
  readonly created: number;
}

/** Every second one is a day older than the limit, the others an hour younger. @param change gives an item its time. */
function age(items: ReadonlyMap<string, Aged>, change: (id: string, created: number) => void) {
  const limit = here.deps.clock.now().getTime() - 30 * DAY;
  const ids: { old: string[]; young: string[] } = { old: [], young: [] };
  [...items.keys()].forEach((id, index) => {
    const isOld = index % 2 === 0;
    change(id, isOld ? limit - DAY : limit + 3_600_000);
    (isOld ? ids.old : ids.young).push(id);
  });
  return ids;
}

const agedPredictions = () => {
  const { predictions } = project();
  return age(predictions, (id, created) => {
    const one = predictions.get(id);
    if (one) predictions.set(id, { ...one, created });
  });
};

const agedImages = () => {
  const { images } = project().workspace;
  return age(images, (id, created) => {
    const one = images.get(id);
    if (one) images.set(id, { ...one, created });
  });
};

const foundOf = async (requestId: RequestId): Promise<number> => {
  const plan = await here.deps.documents.readPlan(requestId);
  return plan?.tasks.reduce((sum, { counts }) => sum + counts.found, 0) ?? 0;
};

describe('A retention policy', () => {
  it('says in a dry run what would go, in a plan, and touches nothing', async () => {
    const { predictions } = project();
    const { old } = agedPredictions();
    const before = [...predictions.keys()];
    const requestId = only(await tick(policyOf(), true));
    expect((await new Driver(here.stage).toTheEnd(requestId)).state).toBe('completed');
    expect(await foundOf(requestId)).toBe(old.length);
    expect([...predictions.keys()]).toEqual(before);
  });

  it('erases what is old, approved by the policy, with a receipt that names it, and nothing younger', async () => {
    const { predictions, workspace } = project();
    const { old, young } = agedPredictions();
    const images = [...workspace.images.keys()];
    const requestId = only(await tick(policyOf()));
    const record = await new Driver(here.stage).toTheEnd(requestId);
    expect(record).toMatchObject({ state: 'completed', decision: { actor: 'policy:old-predictions' } });
    expect([...predictions.keys()].sort()).toEqual(young.sort());
    expect([...workspace.images.keys()]).toEqual(images);
    const receipt = await here.deps.documents.read({ requestId, name: 'receipt.json' }, receiptSchema);
    expect(receipt).toMatchObject({ asked: { policy: { name: 'old-predictions' } }, totals: { erased: old.length } });
  });

  it('makes one request an interval, and none while an earlier one waits for a person', async () => {
    const policy = policyOf({ name: 'old-images', family: 'cv-images', approval: 'person' });
    const { images } = project().workspace;
    const { old, young } = agedImages();
    const first = only(await tick(policy));
    const driver = new Driver(here.stage);
    await driver.run(first);
    expect((await driver.record(first)).state).toBe('awaiting-decision');
    here.stage.clock.turn(8 * 86_400);
    expect((await tick(policy)).counts).toMatchObject({ open: 1, requests: 0 });
    expect((await driver.toTheEnd(first)).state).toBe('completed');
    // The limit of a request stays what it was when the request was made.
    expect([...images.keys()].sort()).toEqual(young.sort());
    expect(old.length).toBeGreaterThan(0);
    const second = only(await tick(policy));
    expect(second).not.toBe(first);
    await driver.toTheEnd(second);
    expect(await tick(policy)).toMatchObject({ requests: [], counts: { requests: 0, already: 1 } });
  });

  it('that fails keeps none after it from its request', async () => {
    const policies = [policyOf({ name: 'unlucky' }), policyOf({ name: 'next', approval: 'person' })];
    const records = {
      ...here.deps.records,
      list: async (query: RecordQuery) => {
        if (query.client === 'policy:unlucky') throw new RangeError('a text that nobody may log');
        return here.deps.records.list(query);
      },
    };
    const before = here.events.length;
    const swept = await runSweep({ ...here.deps, records, policies }, 'policies', order(here.deps));
    expect(swept).toMatchObject({ more: false, counts: { policies: 2, requests: 1, already: 0, failed: 1 } });
    expect((await here.deps.records.read(only(swept)))?.policy?.name).toBe('next');
    expect(here.events.slice(before)).toContainEqual([
      'sweep-failed-on-part',
      { sweep: 'policies', policy: 'unlucky', errorClass: 'RangeError' },
    ]);
  });
});
