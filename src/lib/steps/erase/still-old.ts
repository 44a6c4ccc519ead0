import type { FoundLine } from '../../domain/ledger.ts';
import { isOlder } from '../../plan/age.ts';
import type { SliceContext } from '../slice/context.ts';

export type StillOld =
  | { readonly kind: 'old' }
  | { readonly kind: 'young' | 'refused'; readonly reason: string }
  | { readonly kind: 'busy'; readonly until: Date; readonly reason: string };

const YOUNG: StillOld = {
  kind: 'young',
  reason:
    'What has this name now was made after the policy’s limit, or does not say when: it is not the item of the plan.',
};

/**
 * Whether what a retention policy is about to erase is still as old as the plan found it. Days lie between the two, and where ids are names
 * somebody may have made another item under the same one. Read again just before the call. What answers 404 is left to the call, which says so itself.
 */
export async function isStillOld(
  { deps, family, record: { policy }, target }: SliceContext,
  { parameters }: Pick<FoundLine, 'parameters'>,
): Promise<StillOld> {
  if (policy === undefined || family.assignedOnce) return { kind: 'old' };
  if (family.proof?.by !== 'item') throw new Error(`${family.family} goes by age, and no item can be read: a defect.`);
  const read = await deps.upstream.send(target, { operation: family.proof.read, parameters });
  if (read.kind === 'busy' || read.kind === 'refused') return read;
  return read.kind === 'absent' || isOlder(family, read.value, new Date(policy.before)) ? { kind: 'old' } : YOUNG;
}
