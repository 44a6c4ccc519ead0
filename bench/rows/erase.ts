import { isEnded } from '../../src/lib/domain/lifecycle.ts';
import { atMost, figure } from '../report/outcome.ts';
import { completed, enteredAt, submission, waitFor } from '../stage/requests.ts';
import { type Stage, startStage } from '../stage/stage.ts';
import { visionTarget } from '../stage/targets.ts';
import { imageWorld } from './image-world.ts';
import type { Bench, Row } from './row.ts';

const IMAGES = 100_000;

export const erase: Row = {
  name: 'erase',
  what: 'Delete of images, by their ids and all at once: inventory, decision, erasure and proof',
  async measure(bench) {
    const each = await deletion(bench, 'each');
    const together = await deletion(bench, 'together');
    const most = Math.ceil(each.images / 256) + 9;
    return {
      size: `${each.images} images`,
      rounds: 1,
      figures: [
        figure('calls that delete, by ids', each.deletions),
        figure('all calls, by ids', each.calls),
        figure('inventory, by ids', each.planSeconds, 's'),
        figure('erasure and proof, by ids', each.eraseSeconds, 's'),
        figure('calls that delete, all at once', together.deletions),
        figure('all calls, all at once', together.calls),
        figure('inventory, all at once', together.planSeconds, 's'),
        figure('erasure and proof, all at once', together.eraseSeconds, 's'),
      ],
      goals: [atMost('calls by ids', each.deletions, most), atMost('calls all at once', together.deletions, 1)],
    };
  },
};

async function deletion(bench: Bench, how: 'each' | 'together') {
  const images = bench.size(IMAGES);
  const world = imageWorld('erase', images, 100);
  const stage = await startStage({ world, targets: [visionTarget('erase')], entry: bench.bundle, log: bench.log });
  try {
    const measured = await decided(stage, how);
    bench.say(`${how}: inventory ${measured.planSeconds.toFixed(1)} s, erasure ${measured.eraseSeconds.toFixed(1)} s`);
    if (measured.erased !== images) throw new Error(`${measured.erased} of ${images} images were erased.`);
    return { ...measured, images };
  } finally {
    await stage.stop();
  }
}

/** A delete of all images, approved as soon as there is a plan. */
export async function decided(stage: Stage, how: 'each' | 'together') {
  const began = Date.now();
  const order = submission({ action: 'delete', families: ['cv-images'], erase: how });
  const { requestId } = await stage.portal.submit(order);
  const planned = await waitFor(stage, requestId, ({ state }) => isEnded(state) || state === 'awaiting-decision');
  const planSeconds = ((await enteredAt(stage.officer, requestId, 'awaiting-decision')) - began) / 1000;
  if (planned.plan === undefined) throw new Error(`There is no plan: ${planned.outcome?.reason}`);
  const decidedAt = Date.now();
  await stage.officer.decide(requestId, { decision: 'approve', planHash: planned.plan.hash });
  await completed(stage, requestId);
  const view = await stage.portal.request(requestId);
  const eraseSeconds = ((await enteredAt(stage.officer, requestId, 'completed')) - decidedAt) / 1000;
  const { calls, total } = await stage.upstream.callsSince(0);
  const deletions = calls.filter(({ operation }) => operation === 'DeleteImages').length;
  return { planSeconds, eraseSeconds, deletions, calls: total, log: calls, erased: view.totals.erased };
}
