import type { z } from 'zod';
import type { FieldFault } from '../lib/api/problems.ts';
import { type ProblemResponse, problem } from '../lib/app/problem.ts';

type Issue = z.core.$ZodIssue;
const MOST_FAULTS = 100;

/** An answer that names each wrong field. `where` says what the fields are fields of. */
export const invalid = (where: string, error: z.ZodError): ProblemResponse =>
  invalidFields(
    where,
    error.issues.flatMap((issue) => faultsOf(issue, [])),
  );

export const invalidFields = (where: string, errors: readonly FieldFault[]): ProblemResponse =>
  problem('validation', {
    detail: `See errors: each names a member of the ${where}.`,
    errors: errors.slice(0, MOST_FAULTS),
  });

function faultsOf(issue: Issue, above: readonly PropertyKey[]): FieldFault[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ field: fieldOf([...path, key]), message: 'There is no such field.' }));
    case 'invalid_union':
      return unionFaults(issue.errors, path);
    default:
      return [{ field: fieldOf(path), message: issue.message }];
  }
}

/** Of several forms that a value may have, the one that was meant: it fails somewhere inside, the others at once. */
function unionFaults(forms: readonly (readonly Issue[])[], path: readonly PropertyKey[]): FieldFault[] {
  const wrongKind = (issues: readonly Issue[]): boolean =>
    issues.some(({ code, path: below }) => below.length === 0 && (code === 'invalid_type' || code === 'invalid_value'));
  const meant = forms.find((issues) => !wrongKind(issues));
  if (meant) return meant.flatMap((issue) => faultsOf(issue, path));
  const messages = forms.flatMap((issues) => issues.map(({ message }) => message));
  return [{ field: fieldOf(path), message: [...new Set(messages)].join(' Or: ') }];
}

const fieldOf = (path: readonly PropertyKey[]): string => path.map(String).join('.').slice(0, 200) || '(all)';
