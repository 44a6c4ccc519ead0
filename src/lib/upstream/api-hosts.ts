import { branchOf } from '../catalog/catalog.ts';
import type { Target } from '../domain/target.ts';
import { allowedLink } from './allowed-link.ts';

/**
 * Whether a call to `url` may carry the target's secret: only to the hosts that the target's branch names. A host that an answer named
 * must stand in that list too.
 */
export function mayCarrySecret(target: Target, url: string): boolean {
  const branch = branchOf(target.kind);
  const members = new Map<string, unknown>(Object.entries(target));
  return (branch?.hosts ?? []).some((host) => {
    const filled = host.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      String(members.get(branch?.values[name] ?? '') ?? ''),
    );
    return filled.startsWith('https://')
      ? URL.canParse(url) && new URL(url).origin === new URL(filled).origin
      : allowedLink(url, [filled]) !== undefined;
  });
}
