import { familyNamed } from '../catalog/catalog.ts';
import type { EraseByCall, Family } from '../catalog/family.ts';
import type { Task } from '../domain/plan.ts';
import type { Submission } from '../domain/request.ts';
import { type Target, versionOf } from '../domain/target.ts';

/** As much of a submission as tasks are made from. */
export interface Asked extends Pick<Submission, 'action' | 'exportFirst' | 'erase'> {
  readonly families: 'all' | readonly string[];
}

/** Where a family takes part: on a target, beside other families. */
export interface Among {
  readonly target: Target;
  readonly families: readonly Family[];
}

/**
 * How the items of a family go. Infrastructure isn't deleted unasked (contradictions.md, section 3): it must be named, and the operator
 * must allow it. Together: with the parent where it goes too, else by one call for all where the service's version has it.
 */
export function wayOf(family: Family, asked: Asked, among: Among): Task['way'] {
  const { erase } = family;
  if (family.infrastructure && !isAllowed(family, asked, among.target)) return 'keep';
  if (asked.action !== 'delete' || asked.erase !== 'together' || erase.by !== 'call') return erase.by;
  if (among.families.some((other) => other.family === erase.together)) return 'parent';
  return hasWhole(erase, among.target) ? 'whole' : 'call';
}

function isAllowed(family: Family, { families }: Asked, target: Target): boolean {
  const allowed = 'mayDeleteInfrastructure' in target && target.mayDeleteInfrastructure === true;
  return allowed && families !== 'all' && families.includes(family.family);
}

/** Whether the target's version of the service erases all items under a parent by one call. */
export const hasWhole = ({ whole }: EraseByCall, target: Target): boolean =>
  whole !== undefined && Number.parseFloat(versionOf(target)) >= Number.parseFloat(whole.since);

/** Why the items of a task stay, whatever becomes of others; undefined where they go. */
export function groundToStay({ family, way }: Pick<Task, 'family' | 'way'>): string | undefined {
  const { erase, infrastructure } = familyNamed(family);
  if (way === 'keep') return infrastructure?.ground ?? 'It is not erased unasked.';
  return erase.by === 'hand' ? `By hand only. ${erase.sentence}` : undefined;
}

/** The family with whose items those of a task go; undefined where they go otherwise. */
export function parentOf({ family, way }: Pick<Task, 'family' | 'way'>): string | undefined {
  if (way !== 'parent') return undefined;
  const { erase } = familyNamed(family);
  return erase.by === 'parent' ? erase.family : erase.by === 'call' ? erase.together : undefined;
}

/**
 * Levels below the target on which the parent stands with which, or under which, a task's items go all at once; 0 where they go by
 * themselves. Sums of what was found are kept for each such parent.
 */
export function parentDepth(task: Pick<Task, 'family' | 'way'>): number {
  if (task.way === 'whole') return familyNamed(task.family).within.filter((level) => !level.self).length;
  const parent = parentOf(task);
  return parent === undefined ? 0 : familyNamed(parent).within.length + 1;
}

type Row = Pick<Task, 'family' | 'way'>;

/**
 * Families before which a family isn't touched, given how all of them go: what goes with a parent comes after it, not before. What goes
 * by one call comes before that for which it would wait otherwise: the second look must find what the first one found.
 */
export function afterOf(family: Family, rows: readonly Row[]): readonly string[] {
  const own = rows.find((row) => row.family === family.family);
  if (family.erase.by === 'call' && own) {
    const parent = parentOf(own);
    if (parent !== undefined) return [parent];
    if (own.way === 'whole') return [];
  }
  const along = rows.filter((row) => parentOf(row) === family.family).map((row) => row.family);
  const first = rows.filter((row) => row.way === 'whole' && familyNamed(row.family).after.includes(family.family));
  return [...family.after.filter((name) => !along.includes(name)), ...first.map((row) => row.family)];
}
