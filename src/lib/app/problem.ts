/** Everything that the API refuses, by the last part of its `type` (RFC 9457). These names are stable; texts may change. */
const PROBLEMS = {
  validation: { status: 400, title: 'Something in the request is not as it must be.' },
  'malformed-json': { status: 400, title: 'The body is not JSON.' },
  'no-token': { status: 401, title: 'A token is needed.' },
  'bad-token': { status: 401, title: 'The token is not accepted.' },
  'no-role': { status: 403, title: 'The caller may not do this.' },
  'not-local': { status: 403, title: 'This can only be reached from its own machine.' },
  'no-cors': { status: 403, title: 'Pages of this origin may not call.' },
  'unnamed-caller': { status: 403, title: 'This key has no name, so it can not do this.' },
  'own-request': { status: 403, title: 'Who asked can not decide.' },
  'not-found': { status: 404, title: 'There is no such thing.' },
  'no-request': { status: 404, title: 'There is no such request.' },
  'no-plan': { status: 404, title: 'There is no plan.' },
  'no-hold': { status: 404, title: 'There is no such hold.' },
  'no-package': { status: 404, title: 'There is no package.' },
  'not-signed': { status: 406, title: 'This is not to be had signed.' },
  'no-receipt': { status: 404, title: 'There is no receipt.' },
  'not-awaiting-decision': { status: 409, title: 'The request does not wait for a decision.' },
  'stale-plan': { status: 409, title: 'The plan has changed: read it again.' },
  'decision-too-late': { status: 409, title: 'The time to decide is over.' },
  'cancel-too-late': { status: 409, title: 'The request can not be cancelled any more.' },
  'not-extendable': { status: 409, title: 'The due date can not be extended.' },
  'not-sealed': { status: 409, title: 'The request is not sealed yet.' },
  'package-gone': { status: 410, title: 'The package is not to be had any more.' },
  'body-too-large': { status: 413, title: 'The body is too large.' },
  'not-json': { status: 415, title: 'The body must be application/json.' },
  'range-not-satisfiable': { status: 416, title: 'The range lies outside the file.' },
  'other-body': { status: 422, title: 'This Idempotency-Key was used with another body.' },
  'too-many-requests': { status: 429, title: 'These are too many requests in a minute.' },
  internal: { status: 500, title: 'Something went wrong here.' },
  unavailable: { status: 503, title: 'The service can not work at the moment.' },
} as const satisfies Record<string, { status: number; title: string }>;
export type ProblemName = keyof typeof PROBLEMS;

/** One wrong field. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

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
    body: JSON.stringify({ type: `/problems/${name}`, title, status, ...facts }),
  };
}
