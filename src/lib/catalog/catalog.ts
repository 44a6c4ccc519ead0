import { customVision } from './custom-vision.ts';
import { experimentation } from './experimentation.ts';
import type { Branch, Family } from './family.ts';
import { clusters, computes } from './infrastructure.ts';
import { machineLearning } from './machine-learning.ts';
import { modelManagement } from './model-management.ts';
import type { Operation } from './operation.ts';

/** Every branch of the upstream tree that the app knows. Adding a family changes its branch's file and nothing else. */
export const BRANCHES: readonly Branch[] = [
  modelManagement,
  experimentation,
  computes,
  clusters,
  machineLearning,
  customVision,
];

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

/** Base URL template of an operation. @throws Error for a base that the branch doesn't have: the catalogue's own test says so first. */
export function baseOf(branch: Branch, operation: Operation): string {
  const base = branch.bases[operation.base ?? 'main'];
  if (base === undefined)
    throw new Error(`${operation.operation} stands below a base that ${branch.target} doesn't have.`);
  return base;
}

/** Whether two operations stand on the same host, whatever the target is. */
export const areOnOneHost = (branch: Branch, one: Operation, other: Operation): boolean =>
  originOf(baseOf(branch, one)) === originOf(baseOf(branch, other));

/** A base begins with a whole origin: a placeholder, or a scheme and a host. */
const originOf = (base: string): string | undefined => /^(?:\{\w+\}|https:\/\/[^/]+)/.exec(base)?.[0];

/**
 * The base URL with the target's values put in; a value that holds a whole origin stands as it is, every other is percent-encoded.
 * @throws Error when the target lacks one.
 */
export function fillBase(branch: Branch, operation: Operation, target: object): string {
  const members = new Map<string, unknown>(Object.entries(target));
  return baseOf(branch, operation).replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = members.get(branch.values[name] ?? '');
    if (typeof value !== 'string' || value === '')
      throw new Error(`${operation.operation}: the target has no ${name}.`);
    return value.startsWith('https://') ? value : encodeURIComponent(value);
  });
}

/** All documented operations that a family uses, each once. */
export function operationsOf(family: Family): readonly Operation[] {
  const erase =
    family.erase.by === 'call'
      ? [family.erase.operation, ...(family.erase.first ? [family.erase.first.read, family.erase.first.call] : [])]
      : [];
  const control = family.proof?.control.seed === 'extra' ? [family.proof.control] : [];
  const all = [
    ...family.list,
    ...(family.read ? [family.read] : []),
    ...(family.parts ?? []).map((part) => part.read),
    ...(family.bytes ?? []).flatMap((bytes) => bytes.via?.read ?? []),
    ...(family.bytes ?? []).flatMap(({ named }) => (named ? [named.readAsset, named.content, named.contents] : [])),
    ...(family.claims ? [family.claims.read] : []),
    ...family.list.flatMap((operation) => operation.count ?? []),
    ...erase,
    ...(family.proof?.by === 'item' ? [family.proof.read] : []),
    ...control,
  ];
  return [...new Map(all.map((operation) => [operation.operation, operation])).values()];
}
