import { customVision } from './custom-vision.ts';
import type { Branch, Family } from './family.ts';
import type { Operation } from './operation.ts';

/** Every branch of the upstream tree that the app knows. Adding a family changes its branch's file and nothing else. */
export const BRANCHES: readonly Branch[] = [customVision];

export const FAMILIES: readonly Family[] = BRANCHES.flatMap((branch) => branch.families);

/** @throws Error for a name that is in no branch: names are checked at the edge, so this is a defect. */
export function familyNamed(name: string): Family {
  const family = FAMILIES.find((candidate) => candidate.family === name);
  if (!family) throw new Error(`No family is called ${name}.`);
  return family;
}

export const branchOf = (target: string): Branch | undefined => BRANCHES.find((branch) => branch.target === target);

/** Queue from which the function of a family takes its slices. */
export const familyQueue = (family: Family): string => `dsr-${family.family}`;

/** All documented operations that a family uses, each once. */
export function operationsOf(family: Family): readonly Operation[] {
  const erase =
    family.erase.by === 'call'
      ? [family.erase.operation, ...(family.erase.first ? [family.erase.first.call] : [])]
      : [];
  const all = [
    ...family.list,
    ...(family.read ? [family.read] : []),
    ...(family.parts ?? []).map((part) => part.read),
    ...(family.claims ? [family.claims.read] : []),
    ...family.list.flatMap((operation) => operation.count ?? []),
    ...erase,
  ];
  return [...new Map(all.map((operation) => [operation.operation, operation])).values()];
}
