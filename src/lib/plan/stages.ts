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
    // A set grows while it is walked: what was added names more in turn.
    for (const name of wanted) {
      const family = all.find((candidate) => candidate.family === name);
      if (family?.erase.by !== 'call') continue;
      const { erase } = family;
      for (const inner of [...(erase.contains ?? []), ...(erase.cascades ?? [])]) wanted.add(inner);
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
  asked: {
    readonly action: Action;
    readonly families: 'all' | readonly string[];
    readonly exportFirst?: boolean | undefined;
  },
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
      way: wayOf(family, names, target),
    }));
  });
  const first = asked.exportFirst
    ? rows.map((row) => ({ ...row, stage: 0, way: 'keep' as const, role: 'export-first' as const }))
    : [];
  return [...rows, ...first].map((row, index) => ({ taskId: mintTaskId(revision, index), ...row }));
}

/** Infrastructure isn't deleted unasked (contradictions.md, section 3): it must be named, and the operator must allow it. */
function wayOf(family: Family, names: 'all' | readonly string[], target: Target): Task['way'] {
  if (!family.infrastructure) return family.erase.by;
  const allowed = 'mayDeleteInfrastructure' in target && target.mayDeleteInfrastructure;
  return allowed && names !== 'all' && names.includes(family.family) ? family.erase.by : 'keep';
}

/** Levels below the target on which the parent stands with which a family's items go; 0 where they go by themselves. */
export function parentDepth(family: Family): number {
  const { erase } = family;
  if (erase.by !== 'parent') return 0;
  const parent = BRANCHES.flatMap((branch) => branch.families).find((candidate) => candidate.family === erase.family);
  return (parent?.within.length ?? -1) + 1;
}

/** Names of all families of all branches, for the check at the edge. */
export const familyNames = (): string[] => BRANCHES.flatMap((branch) => branch.families.map((family) => family.family));
