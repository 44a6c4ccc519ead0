import type { Actor } from '../../domain/actor.ts';
import { addDays } from '../../domain/clock.ts';
import type { RequestId } from '../../domain/ids.ts';
import { ACTIVE_STATES } from '../../domain/lifecycle.ts';
import type { RetentionPolicy } from '../../domain/retention-policy.ts';
import { submit } from '../request/submit.ts';
import { hasTime, type SweepDependencies, type SweepOrder, type Swept, Tally } from './sweep.ts';

const DAY_MILLISECONDS = 86_400_000;

/**
 * Makes a delete request in the name of each retention policy, at most one in its interval and none while an earlier one isn't over. The
 * request goes its usual way: inventory of what is old, plan, approval, erasure, proof, receipt. In a dry run the requests are dry runs: their plans list
 * what would go.
 */
export async function sweepPolicies(deps: SweepDependencies, order: SweepOrder): Promise<Swept> {
  const tally = new Tally({ policies: 0, open: 0, requests: 0, refused: 0 });
  for (const policy of deps.policies) {
    if (!hasTime(deps, order)) {
      tally.more = true;
      break;
    }
    tally.counts.policies += 1;
    if (!order.dryRun && (await isOpen(deps, policy))) {
      tally.counts.open += 1;
      continue;
    }
    const requestId = await request(deps, policy, order.dryRun);
    if (requestId === undefined) tally.counts.refused += 1;
    else tally.name(requestId);
  }
  tally.counts.requests = tally.requests.length;
  return tally;
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

/** Undefined when the policy was changed after it had made its request of this interval. */
async function request(
  deps: SweepDependencies,
  policy: RetentionPolicy,
  dryRun: boolean,
): Promise<RequestId | undefined> {
  const { name, target, family, approval, olderThanDays, everyDays } = policy;
  const now = deps.clock.now();
  const interval = Math.floor(now.getTime() / DAY_MILLISECONDS / everyDays);
  const submitted = await submit(deps, {
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
  return submitted.kind === 'accepted' ? submitted.record.requestId : undefined;
}
