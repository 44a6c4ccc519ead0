import { FAMILIES, familyNamed } from '../catalog/catalog.ts';
import type { Family } from '../catalog/family.ts';
import type { Task } from '../domain/plan.ts';

/** Families whose documents say whose the items of this one are, where its own don't: a metric is its run's person's. */
export function toldBy(family: Family): string[] {
  const { within, persons, personsVia, personsWithin, subject, target } = family;
  if (persons?.identity || subject) return [];
  const named = [personsWithin, ...within.map((level) => level.personsWithin)];
  const calls = [...within.map((level) => level.persons && level.list), personsVia?.read];
  const asked = new Set(calls.flatMap((operation) => operation?.operation ?? []));
  return FAMILIES.filter(
    (other) =>
      other.target === target &&
      other.persons?.identity !== undefined &&
      (named.includes(other.family) || [...other.list, other.read].some((call) => call && asked.has(call.operation))),
  ).map((other) => other.family);
}

/** Families that would tell whose a task's items are, and that none of the tasks on its target asks for. */
export function untoldOf(task: Pick<Task, 'family' | 'target'>, tasks: readonly Task[]): string[] {
  const here = new Set(tasks.filter(({ target }) => target === task.target).map(({ family }) => family));
  const tellers = toldBy(familyNamed(task.family));
  return tellers.some((name) => here.has(name)) ? [] : tellers;
}
