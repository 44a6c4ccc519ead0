import type { Survives } from '../catalog/family.ts';
import { memberAt } from './places.ts';

/** Names of the resource groups that the service made for an item, as its document tells them, each once; in whatever case ARM writes the path. */
export function managedGroups(document: unknown, { members, named }: Survives): string[] {
  const groups = members.flatMap((member) => {
    const id = memberAt(document, member);
    const group = typeof id === 'string' ? /\/resourcegroups\/([^/]+)\//i.exec(id)?.[1] : undefined;
    return group?.toLowerCase().includes(named) ? [group] : [];
  });
  return [...new Map(groups.map((group) => [group.toLowerCase(), group])).values()];
}
