import type { SliceContext } from './context.ts';

/** Why a family's data can't be asked for at all, and how an export accounts for it. */
export interface Missing {
  readonly outcome: 'kept' | 'absent';
  readonly ground: string;
}

/** What the request or the target would have to name first; undefined when nothing is missing. */
export function whatIsMissing(context: Pick<SliceContext, 'family' | 'record' | 'target'>): Missing | undefined {
  const { subject, unless } = context.family;
  if (subject && context.record.submission.subject[subject.identifier] === undefined) {
    return { outcome: 'kept', ground: subject.ground };
  }
  if (unless && new Map<string, unknown>(Object.entries(context.target)).get(unless.target) === undefined) {
    return { outcome: 'absent', ground: unless.ground };
  }
  return undefined;
}

/** Parameters of a call with the subject's identifier, where the family asks by it. Never stored: only calls carry it. */
export function withSubject(
  context: SliceContext,
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const identifier = context.family.subject?.identifier;
  const value = identifier === undefined ? undefined : context.record.submission.subject[identifier];
  return identifier === undefined || value === undefined ? parameters : { ...parameters, [identifier]: value };
}
