import { isIn } from '../../catalog/operation.ts';
import { versionOf } from '../../domain/target.ts';
import { readTasks, revisionOf } from '../tasks.ts';
import type { SliceContext } from './context.ts';

/** Why nothing of this family can be erased in this request, for example because iterations that stay keep copies; or undefined. */
export async function obstacleOf(context: SliceContext): Promise<string | undefined> {
  const { family, target, record, deps } = context;
  if (family.erase.by === 'call' && !isIn(family.erase.operation, versionOf(target))) {
    return `Version ${versionOf(target)} of the service has no ${family.erase.operation.operation}.`;
  }
  const { needs } = family;
  if (!needs || Number.parseFloat(versionOf(target)) >= Number.parseFloat(needs.before)) return undefined;
  // Of what one person is named in, not everything of the other family goes: its copies of theirs may stay.
  if (record.submission.scope === 'subject') return needs.ground;
  const list = await readTasks(deps, record.requestId, revisionOf(record));
  const goesToo = list?.tasks.some((task) => task.target === target.name && task.family === needs.family);
  return goesToo ? undefined : needs.ground;
}
