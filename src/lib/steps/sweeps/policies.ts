import type { Actor } from '../../domain/actor.ts';
import { addDays } from '../../domain/clock.ts';
import { ACTIVE_STATES } from '../../domain/lifecycle.ts';
import type { RetentionPolicy } from '../../domain/retention-policy.ts';
import { type Submitted, submit } from '../request/submit.ts';
import { hasTime, type SweepDependencies, type SweepOrder, safely, sweepOf, type Tally } from './sweep.ts';

const DAY_MILLISECONDS = 86_400_000;

/**
 * `open`: an earlier request of the policy isn't over. `requests`: made now. `already`: made by an earlier tick of the interval. `refused`: the policy
 * doesn't fit the targets, or changed after it had made its request of this interval.
 */
const nothing = { policies: 0, open: 0, requests: 0, already: 0, refused: 0, failed: 0 };

/**
 * Makes a delete request in the name of each retention policy, at most one in its interval and none while an earlier one isn't over. The
 * request goes its usual way: inventory of what is old, plan, approval, erasure, proof, receipt. In a dry run the requests are dry runs: their plans list
 * what would go.
 */
export const sweepPolicies = sweepOf(nothing, async (deps, order, tally) => {
  for (const policy of deps.policies) {
    if (!hasTime(deps, order)) {
      tally.more = true;
      return;
    }
    tally.counts.policies += 1;
    await safely(deps, { sweep: 'policies', policy: policy.name, tally }, () => apply(deps, policy, { order, tally }));
  }
});

async function apply(
  deps: SweepDependencies,
  policy: RetentionPolicy,
  { order, tally }: { order: SweepOrder; tally: Tally<keyof typeof nothing> },
): Promise<void> {
  const { counts } = tally;
  if (!order.dryRun && (await isOpen(deps, policy))) {
    counts.open += 1;
    return;
  }
  const submitted = await request(deps, policy, order.dryRun);
  if (submitted.kind !== 'accepted') counts.refused += 1;
  else if (submitted.repeated) counts.already += 1;
  else {
    counts.requests += 1;
    tally.name(submitted.record.requestId);
  }
}

/** Who acts for a policy; no caller can have this name. */
const actorOf = ({ name }: RetentionPolicy): Actor => ({
  name: `policy:${name}`,
  named: true,
  fingerprint: `policy:${name}`,
});

/** Whether a request of the policy isn't over yet, or waits for a person. A dry run doesn't count. */
async function isOpen(deps: SweepDependencies, policy: RetentionPolicy): Promise<boolean> {
  const client = actorOf(policy).name;
  for (const state of [...ACTIVE_STATES, 'awaiting-decision' as const]) {
    const { requestIds } = await deps.records.list({ client, state, limit: 100 });
    for (const requestId of requestIds) {
      const record = await deps.records.read(requestId);
      if (record?.state === state && !record.submission.dryRun) return true;
    }
  }
  return false;
}

function request(deps: SweepDependencies, policy: RetentionPolicy, dryRun: boolean): Promise<Submitted> {
  const { name, target, family, approval, olderThanDays, everyDays } = policy;
  const now = deps.clock.now();
  const interval = Math.floor(now.getTime() / DAY_MILLISECONDS / everyDays);
  return submit(deps, {
    submission: {
      action: 'delete',
      subject: { reference: `retention policy ${name}` },
      targets: [target],
      families: [family],
      scope: 'target',
      dryRun,
    },
    actor: actorOf(policy),
    policy: { name, approval, before: addDays(now, -olderThanDays).toISOString() },
    ...(!dryRun && { idempotencyKey: `${name}/${olderThanDays}/${interval}` }),
  });
}
