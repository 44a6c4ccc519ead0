import { BRANCHES } from '../catalog/catalog.ts';
import type { Branch } from '../catalog/family.ts';
import type { Target } from '../domain/target.ts';
import { allowedLink } from './allowed-link.ts';

/**
 * Whether a call to `url` may carry the target's secret: only to the hosts that the target's branch names, over https, on the port that
 * is registered, with no user in the URL. A host that an answer named must stand in that list too.
 */
export function mayCarrySecret(target: Target, url: string, branches?: readonly Branch[]): boolean {
  return apiHosts(target, branches).some((host) =>
    host.startsWith('https://') ? isOnOrigin(url, host) : allowedLink(url, [host]) !== undefined,
  );
}

/** The hosts of the target's branch with its values put in: origins, host names, parent domains with a leading dot. */
export function apiHosts(target: Target, branches: readonly Branch[] = BRANCHES): readonly string[] {
  const branch = branches.find((candidate) => candidate.target === target.kind);
  return branch ? branch.hosts.flatMap((host) => fillHost(host, branch, target) ?? []) : [];
}

/** Undefined when a value is missing, or could make another host of it: `{location}.example.net` without a location is no host. */
function fillHost(host: string, branch: Branch, target: Target): string | undefined {
  const members = new Map<string, unknown>(Object.entries(target));
  const memberFor = (name: string): unknown => members.get(branch.values[name] ?? '');
  const whole = /^\{(\w+)\}$/.exec(host)?.[1];
  const origin = whole === undefined ? undefined : memberFor(whole);
  if (typeof origin === 'string' && origin.startsWith('https://')) return origin;
  let usable = true;
  const filled = host.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = memberFor(name);
    if (typeof value === 'string' && LABELS.test(value)) return value;
    usable = false;
    return '';
  });
  return usable ? filled : undefined;
}

const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/i;

function isOnOrigin(url: string, origin: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(origin)) return false;
  const asked = new URL(url);
  return asked.origin === new URL(origin).origin && asked.username === '' && asked.password === '';
}
