import { fillBase } from '../catalog/catalog.ts';
import type { Branch } from '../catalog/family.ts';
import type { Operation } from '../catalog/operation.ts';
import { addSeconds, type Clock } from '../domain/clock.ts';
import type { Target } from '../domain/target.ts';
import type { Verdict } from '../plan/verdict.ts';
import { mayCarrySecret } from './api-hosts.ts';

/** How long what a service says of its own base is believed, and how long a try that failed is let rest. */
const BELIEVED_SECONDS = 600;
const FAILED_SECONDS = 60;

export interface BaseOptions {
  readonly clock: Clock;
  readonly branches?: readonly Branch[];
  /** Reads the document in which the service tells its base. */
  readonly read: (target: Target, branch: Branch, operation: Operation) => Promise<Verdict<unknown>>;
}

/** The base URL below which an operation of the branch stands for a target. */
export type BaseOf = (target: Target, branch: Branch, operation: Operation) => Promise<string>;

interface Told {
  readonly base: Promise<string | undefined>;
  /** Absent while the question is on its way. */
  until?: Date;
}

/**
 * Base URLs: the pattern of the catalogue, or what the service itself tells where the catalogue says that it does (contradictions.md, 14)
 * and our secret may go there. Asked once for all callers of a target.
 */
export function createBases(options: BaseOptions): BaseOf {
  const known = new Map<string, Told>();
  return async (target, branch, operation) => {
    const pattern = fillBase(branch, operation, target);
    if (branch.discover === undefined || (operation.base ?? 'main') !== branch.discover.base) return pattern;
    const key = JSON.stringify(target);
    const before = known.get(key);
    if (before && (before.until === undefined || before.until > options.clock.now())) {
      return (await before.base) ?? pattern;
    }
    const told: Told = { base: discover(options, target, branch) };
    known.set(key, told);
    const base = await told.base.catch((error: unknown) => {
      known.delete(key);
      throw error;
    });
    told.until = addSeconds(options.clock.now(), base === undefined ? FAILED_SECONDS : BELIEVED_SECONDS);
    return base ?? pattern;
  };
}

async function discover(options: BaseOptions, target: Target, branch: Branch): Promise<string | undefined> {
  if (branch.discover === undefined) return undefined;
  const verdict = await options.read(target, branch, branch.discover.read);
  const link = verdict.kind === 'ok' ? memberAt(verdict.value, branch.discover.member) : undefined;
  return typeof link === 'string' && mayCarrySecret(target, link, options.branches)
    ? withoutLastSegment(link)
    : undefined;
}

/** As Microsoft's own clients do: the base is the link without its last segment. */
function withoutLastSegment(link: string): string {
  const { origin, pathname } = new URL(link);
  return origin + pathname.replace(/\/[^/]*$/, '');
}

/** The value at a path of member names joined by dots; own members only. */
function memberAt(document: unknown, path: string): unknown {
  let value = document;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(name);
  }
  return value;
}
