import { type FieldFault, PROBLEMS, type ProblemName, problemType } from '../api/problems.ts';

export interface ProblemFacts {
  readonly detail?: string;
  readonly errors?: readonly FieldFault[];
  readonly errorId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ProblemResponse {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** An answer of `application/problem+json`. The caller sees to it that no fact quotes a secret or a person other than its own input. */
export function problem(name: ProblemName, { headers, ...facts }: ProblemFacts = {}): ProblemResponse {
  const { status, title } = PROBLEMS[name];
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify({ type: problemType(name), title, status, ...facts }),
  };
}
