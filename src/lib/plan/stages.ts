import { BRANCHES, branchOf } from '../catalog/catalog.ts';
import type { Family } from '../catalog/family.ts';
import { mintTaskId } from '../domain/ids.ts';
import type { Task } from '../domain/plan.ts';
import type { Action } from '../domain/request.ts';
import type { Target } from '../domain/target.ts';

/** Which families of a branch a request names; asking for a parent's erasure names what lies within it too. */
export function familiesFor(kind: string, action: Action, names: 'all' | readonly string[]): readonly Family[] {
  const all = branchOf(kind)?.families ?? [];
  if (names === 'all') return all;
  const wanted = new Set(names);
  if (action === 'delete') {
    for (const family of all.filter((candidate) => wanted.has(candidate.family))) {
      if (family.erase.by === 'call') for (const inner of family.erase.contains ?? []) wanted.add(inner);
    }
  }
  return all.filter((family) => wanted.has(family.family));
}

/**
 * Stage of each family: after all the families that its catalogue entry names, as far as they take part.
 * @throws Error when the catalogue's order has a cycle: the catalogue's own test says so first.
 */
export function stageOf(family: Family, among: readonly Family[], depth = 0): number {
  if (depth > among.length) throw new Error(`The order of erasure around ${family.family} has a cycle.`);
  const before = among.filter((other) => family.after.includes(other.family));
  return before.reduce((stage, other) => Math.max(stage, stageOf(other, among, depth + 1) + 1), 0);
}

/** Targets × families. An export has one stage; an erasure goes from the leaves of the upstream tree to its root. */
export function makeTasks(
  asked: { readonly action: Action; readonly families: 'all' | readonly string[] },
  targets: readonly Target[],
  revision: number,
): Task[] {
  const { action, families: names } = asked;
  const rows = targets.flatMap((target) => {
    const families = familiesFor(target.kind, action, names);
    return families.map((family) => ({
      family: family.family,
      target: target.name,
      stage: action === 'export' ? 0 : stageOf(family, families),
      way: family.erase.by,
    }));
  });
  return rows.map((row, index) => ({ taskId: mintTaskId(revision, index), ...row }));
}

/** Names of all families of all branches, for the check at the edge. */
export const familyNames = (): string[] => BRANCHES.flatMap((branch) => branch.families.map((family) => family.family));
