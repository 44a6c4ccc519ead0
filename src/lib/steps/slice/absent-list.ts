import { areOnOneHost, branchOf } from '../../catalog/catalog.ts';
import type { Level } from '../../catalog/family.ts';
import type { Operation } from '../../catalog/operation.ts';
import type { Place } from '../../domain/slice.ts';
import type { SliceContext } from './context.ts';
import type { Busy } from './visit.ts';

/** What it means that a list answers 404: its parent is gone and took it along, or what lies there is unknown. */
type AbsentList =
  | { readonly kind: 'gone' }
  | { readonly kind: 'gap'; readonly reason: string }
  | ({ readonly kind: 'busy' } & Busy);

type At = Pick<Place, 'step' | 'parameters'>;

/**
 * A 404 of a list counts only with a positive control on the same host: its parent, asked for by itself, is gone, and the list in which
 * the parent stood answers. Everything else may be a wrong address, and is a gap: a root list without its account, a list whose parent is
 * there, or one whose parent nothing on its host can be asked for.
 */
export async function whyAbsent(context: SliceContext, list: Operation, at: At): Promise<AbsentList> {
  const depth = parentOf(context, at);
  const level = context.family.within[depth];
  if (!level) return { kind: 'gap', reason: 'The list does not exist.' };
  if (!level.read || !isControl(context, level, list)) {
    const reason = `${list.operation} answered 404, and nothing on its host says whether its ${level.name} is there.`;
    return { kind: 'gap', reason };
  }
  const call = { operation: level.read, parameters: at.parameters };
  const parent = await context.deps.upstream.send(context.target, call);
  switch (parent.kind) {
    case 'busy':
      return parent;
    case 'ok':
      return { kind: 'gap', reason: `${list.operation} answered 404 though its ${level.name} is there.` };
    case 'refused':
      return { kind: 'gap', reason: `${list.operation} answered 404, and ${level.read.operation}: ${parent.reason}` };
    case 'absent':
      return levelAnswers(context, level, { step: depth, parameters: at.parameters });
  }
}

/** The parent is gone, which counts when the list in which it stood answers; or is gone itself for the same reason. */
async function levelAnswers(context: SliceContext, { list }: Level, at: At): Promise<AbsentList> {
  const verdict = await context.deps.upstream.page(context.target, { operation: list, parameters: at.parameters });
  switch (verdict.kind) {
    case 'ok':
      return { kind: 'gone' };
    case 'busy':
      return verdict;
    case 'refused':
      return { kind: 'gap', reason: `${list.operation}, the control of a 404, was refused: ${verdict.reason}` };
    case 'absent':
      return whyAbsent(context, list, at);
  }
}

/** The innermost level that the place has an element of: a workspace beside iterations has none of theirs. -1 at the target's root. */
const parentOf = ({ family }: SliceContext, { step, parameters }: At): number =>
  family.within.findLastIndex((level, depth) => depth < step && parameters[level.parameter] !== undefined);

function isControl({ family }: SliceContext, level: Level, list: Operation): boolean {
  const branch = branchOf(family.target);
  return branch !== undefined && [level.read ?? level.list, level.list].every((one) => areOnOneHost(branch, one, list));
}
