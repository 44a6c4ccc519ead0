import { BRANCHES, branchOf } from '../catalog/catalog.ts';
import type { Family } from '../catalog/family.ts';
import { mintTaskId } from '../domain/ids.ts';
import type { Task } from '../domain/plan.ts';
import type { Action } from '../domain/request.ts';
import type { Target } from '../domain/target.ts';
import { type Asked, afterOf, wayOf } from './ways.ts';

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

/** Targets × families. An export has one stage; an erasure goes in the order in which its families' ways depend on each other. */
export function makeTasks(asked: Asked, targets: readonly Target[], revision: number): Task[] {
  const rows = targets.flatMap((target) => rowsOf(asked, target));
  const first = asked.exportFirst
    ? rows.map((row) => ({ ...row, stage: 0, way: 'keep' as const, role: 'export-first' as const }))
    : [];
  return [...rows, ...first].map((row, index) => ({ taskId: mintTaskId(revision, index), ...row }));
}

function rowsOf(asked: Asked, target: Target): Omit<Task, 'taskId'>[] {
  const families = familiesFor(target.kind, asked.action, asked.families);
  const ways = families.map((family) => ({
    family: family.family,
    way: wayOf(family, asked, { target, families }),
  }));
  const ordered = families.map((family) => ({ ...family, after: afterOf(family, ways) }));
  return ordered.map((family, index) => ({
    family: family.family,
    target: target.name,
    stage: asked.action === 'export' ? 0 : stageOf(family, ordered),
    way: ways[index]?.way ?? 'keep',
  }));
}

/** Names of all families of all branches, for the check at the edge. */
export const familyNames = (): string[] => BRANCHES.flatMap((branch) => branch.families.map((family) => family.family));
