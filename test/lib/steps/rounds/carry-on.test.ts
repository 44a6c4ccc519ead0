import { describe, expect, it } from 'vitest';
import { rootSliceId } from '../../../../src/lib/domain/ids.ts';
import type { OpenedRound } from '../../../../src/lib/domain/run.ts';
import { type SliceMessage, sliceMessageSchema } from '../../../../src/lib/domain/slice.ts';
import { note, SYSTEM } from '../../../../src/lib/plan/moves.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { handleSlice } from '../../../../src/lib/steps/rounds/handle-slice.ts';
import { openRound } from '../../../../src/lib/steps/rounds/open-round.ts';
import { Crash, crashing } from '../support/crashing.ts';
import { inventoryOf } from '../support/erasing.ts';
import { finalsOf, ledgerOf } from '../support/ledgers.ts';
import { inventoried, opened, type Prepared, prepare } from '../support/prepared.ts';
import { useStage } from '../support/use-stage.ts';
import { keysIn } from '../support/world-keys.ts';

const here = useStage({
  world: { resources: [{ projects: [{ tags: 1, taggedImages: 3, untaggedImages: 0, imageBytes: 20 }] }] },
  limits: { sliceItems: 1, sliceDownloads: 1, sliceAttempts: 3, patienceSeconds: 1000 },
});

const told: string[] = [];
const raise = async (_: string, event: string): Promise<void> => void told.push(event);
const handle = (message: SliceMessage, deps: Dependencies = here.stage.deps) => handleSlice(deps, message, raise);

const round = (at: Prepared, n: number): Promise<OpenedRound> =>
  openRound(here.stage.deps, {
    ...at,
    run: 1,
    phase: 'export',
    instanceId: `${at.requestId}.1:${at.taskId}:export:r${n}`,
  });
const waitingFor = (result: OpenedRound): readonly string[] => (result.kind === 'waiting' ? result.sliceIds : []);

/** Messages that are due, with the test's clock turned to the next where none is. */
function messages(): SliceMessage[] {
  const { outbox, clock } = here.stage;
  if (outbox.next) clock.turnTo(outbox.next);
  return outbox.takeDue().map(({ message }) => sliceMessageSchema.parse(message));
}

/** An export of images whose first round has just sent its root slice. */
async function begun(): Promise<{ at: Prepared; root: SliceMessage }> {
  const at = await prepare(here.stage, 'cv-images');
  here.stage.outbox.clear();
  await round(at, 1);
  const [root] = messages();
  if (!root) throw new Error('The round sent nothing.');
  told.length = 0;
  return { at, root };
}

/** Rounds as the orchestrator opens them, and every message that they or slices send. */
async function toTheEnd(at: Prepared): Promise<void> {
  for (let n = 2; n < 20; n += 1) {
    for (const message of messages()) await handle(message);
    if ((await round(at, n)).kind === 'finished') return;
  }
  const { slices } = await here.stage.deps.slices.listOpen(at.requestId, at.taskId, 10);
  throw new Error(`The export does not come to its end: ${JSON.stringify(slices)}`);
}

const keys = async (): Promise<string[]> => keysIn(here.stage.resource, 'cv-images').map((key) => `${key} saved`);
const saved = async (at: Prepared): Promise<string[]> =>
  finalsOf([await ledgerOf(here.stage, { ...at, family: 'cv-images' })]);

/** Something happens before each page that is asked for once a slice is carried. */
function whileCarried(before: () => Promise<void>): Dependencies {
  const { slices, upstream } = here.stage.deps;
  let carries = false;
  const open: typeof slices.open = async (requestId, taskId, child) => {
    carries ||= child.facts?.carried !== undefined;
    return slices.open(requestId, taskId, child);
  };
  const page: typeof upstream.page = async (...given) => {
    if (carries) await before();
    return upstream.page(...given);
  };
  return { ...here.stage.deps, slices: { ...slices, open }, upstream: { ...upstream, page } };
}

const doneIn = async (at: Prepared): Promise<number> =>
  (await here.stage.deps.slices.listDone(at, 'export', { limit: 100 })).slices.length;

describe('A message whose slice leaves one', () => {
  it('goes on with it, and so on to the end, and tells the round once', async () => {
    const { at, root } = await begun();
    expect(await handle(root)).toBe('done');
    expect(told).toEqual([`slice-${root.sliceId}`]);
    expect(messages()).toEqual([]);
    expect(await doneIn(at)).toBeGreaterThan(2);
    expect(await round(at, 2)).toEqual({ kind: 'finished' });
    expect(await saved(at)).toEqual(await keys());
  });

  it('leaves it to the round where its time is over, and where slices have messages of their own', async () => {
    const { at, root } = await begun();
    const own = { ...here.stage.deps, limits: { ...here.stage.deps.limits, carrySeconds: 0 } };
    await handle(root, own);
    const second = await round(at, 2);
    expect(waitingFor(second)).toHaveLength(1);
    const [child] = messages();
    expect(child?.sliceId).toBe(waitingFor(second)[0]);
    const slow = whileCarried(async () => here.stage.clock.turn(here.stage.deps.limits.carrySeconds));
    if (child) await handle(child, slow);
    expect(await doneIn(at)).toBe(3);
    expect(waitingFor(await round(at, 3))).toHaveLength(1);
    await toTheEnd(at);
    expect(await saved(at)).toEqual(await keys());
  });

  it('stops after the slice in which the request was cancelled', async () => {
    const { at, root } = await begun();
    const cancelling = whileCarried(async () => {
      here.stage.clock.turn(5);
      const cancel = { at: here.stage.clock.now().toISOString(), actor: 'portal', reason: 'No longer wanted.' };
      await here.stage.deps.records.change(at.requestId, (record) =>
        record.cancel
          ? undefined
          : note(record, 'cancel', {
              at: here.stage.clock.now(),
              actor: SYSTEM,
              reason: cancel.reason,
              patch: { cancel },
            }),
      );
    });
    await handle(root, cancelling);
    // The bytes of an image are asked for only while it is wanted: the second slice ends with what it has.
    expect(await doneIn(at)).toBeLessThan(4);
    await toTheEnd(at);
    expect((await ledgerOf(here.stage, { ...at, family: 'cv-images' })).lines).toContainEqual(
      expect.objectContaining({ line: 'gap', reason: expect.stringContaining('cancelled') }),
    );
  });

  it('does not go on with what deletes: that looks at record and holds anew', async () => {
    const at = await prepare(here.stage, 'cv-images');
    await inventoried(here.stage, at, inventoryOf(here.stage, 'cv-images'));
    const work = { kind: 'spread', into: 'erase' } as const;
    await handle(await opened(here.stage, at, { sliceId: rootSliceId('erase'), work }));
    const { slices } = await here.stage.deps.slices.listOpen(at.requestId, at.taskId, 10);
    expect(slices.map(({ facts }) => facts)).toEqual([{ attempts: 0 }]);
  });
});

describe('A slice that is carried by another message', () => {
  it('is not sent by a round that is opened meanwhile, which hears of it at the end', async () => {
    const { at, root } = await begun();
    let second: OpenedRound | undefined;
    const between = whileCarried(async () => {
      second ??= await round(at, 2);
    });
    await handle(root, between);
    if (!second) throw new Error('No round was opened.');
    expect(messages()).toEqual([]);
    expect(waitingFor(second)).toHaveLength(1);
    expect(told).toEqual([root.sliceId, ...waitingFor(second)].map((sliceId) => `slice-${sliceId}`));
    expect(await round(at, 3)).toEqual({ kind: 'finished' });
  });

  it('gets a message of its own when upstream wants it later, and no second one from the round', async () => {
    const { at, root } = await begun();
    const busy = whileCarried(async () => {
      const fault = { kind: 'throttled', retryAfterSeconds: 40 } as const;
      if (here.stage.outbox.waiting.length === 0) here.stage.simulator.faults.add({ match: {}, fault, times: 1 });
    });
    await handle(root, busy);
    const later = new Date(here.stage.clock.now().getTime() + 40_000);
    expect(told).toEqual([`slice-${root.sliceId}`]);
    expect(here.stage.outbox.waiting).toEqual([expect.objectContaining({ queue: 'dsr-cv-images', due: later })]);
    const second = await round(at, 2);
    expect(waitingFor(second)).toHaveLength(1);
    expect(here.stage.outbox.waiting).toHaveLength(1);
    const [own] = messages();
    if (!own) throw new Error('It has no message.');
    expect(await handle(own)).toBe('done');
    expect(told).toContain(`slice-${own.sliceId}`);
    expect(await round(at, 3)).toEqual({ kind: 'finished' });
    expect(await saved(at)).toEqual(await keys());
  });

  it('gets a message of its own when it fails, counts its attempts, and is given up by itself', async () => {
    const { at, root } = await begun();
    const broken = whileCarried(() => Promise.reject(new TypeError('a defect')));
    expect(await handle(root, broken)).toBe('done');
    expect(told).toEqual([`slice-${root.sliceId}`]);
    const { upstream } = here.stage.deps;
    const page = () => Promise.reject(new TypeError('a defect'));
    const always: Dependencies = { ...here.stage.deps, upstream: { ...upstream, page } };
    for (let attempt = 2; attempt <= 3; attempt += 1) {
      const [own] = attempt === 2 ? messages() : [await only(at)];
      if (!own) throw new Error('It has no message.');
      await expect(handle(own, always)).rejects.toThrow('a defect');
      const { facts } = (await here.stage.deps.slices.readOpen(own)) ?? {};
      expect(facts).toMatchObject({ attempts: attempt, errors: Array(attempt).fill('TypeError') });
    }
    expect(await handle(await only(at), always)).toBe('given-up');
    expect(await round(at, 2)).toEqual({ kind: 'finished' });
    expect(await saved(at)).toHaveLength(1);
  });

  it('is lost at no point at which the process dies: the message comes again, and what it carried goes on', async () => {
    const clean = await begun();
    const counted = crashing(here.stage.deps, Number.POSITIVE_INFINITY);
    await handle(clean.root, counted.deps);
    const finals = await saved(clean.at);
    for (let k = 0; k < counted.calls; k += 1) {
      const { at, root } = await begun();
      const faulty = crashing(here.stage.deps, k, k % 2 === 0 ? 'before' : 'after');
      await expect(handle(root, faulty.deps)).rejects.toThrow(Crash);
      await handle(root);
      await toTheEnd(at);
      expect({ k, finals: await saved(at) }).toEqual({ k, finals });
    }
  });
});

/** The message of the one slice that is open. */
async function only(at: Prepared): Promise<SliceMessage> {
  const { slices } = await here.stage.deps.slices.listOpen(at.requestId, at.taskId, 10);
  const [open] = slices;
  if (!open || slices.length > 1) throw new Error('There is not one slice.');
  return at.message(open.sliceId);
}
