import type { Target } from '../domain/target.ts';
import { versionOf } from '../domain/target.ts';
import { baseOf, branchOf } from './catalog.ts';
import type { Branch, Family } from './family.ts';
import { mentions } from './mentions.ts';
import { isIn, type Operation } from './operation.ts';

/**
 * Versions of the service that calls for some families of a target are made to: an `api-version`, or the service and version in the path
 * (`history/v1.0`). Sorted, each once.
 */
export function serviceVersions(target: Target, families: readonly Family[]): string[] {
  const branch = branchOf(target.kind);
  if (!branch) return [];
  const operations = families.flatMap(mentions).filter((operation) => isIn(operation, versionOf(target)));
  return [...new Set(operations.flatMap((operation) => versionIn(branch, operation, target) ?? []))].sort();
}

function versionIn(branch: Branch, operation: Operation, target: Target): string | undefined {
  const asked = operation.query?.['api-version'];
  if (asked !== undefined) return asked;
  const [, service, version = ''] = /\/(\w+)\/v([\w.]+|\{\w+\})(?:\/|$)/.exec(baseOf(branch, operation)) ?? [];
  const member = /^\{(\w+)\}$/.exec(version)?.[1];
  const values = new Map<string, unknown>(Object.entries(target));
  const spoken = member === undefined ? version : values.get(branch.values[member] ?? '');
  return service === undefined || typeof spoken !== 'string' ? undefined : `${service}/v${spoken}`;
}
