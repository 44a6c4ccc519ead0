import { z } from 'zod';

/** Everything that the API refuses, by the last part of its `type` (RFC 9457). These names are stable; texts may change. */
export const PROBLEMS = {
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
  'no-items': { status: 404, title: 'The plan lists no items.' },
  'no-hold': { status: 404, title: 'There is no such hold.' },
  'no-package': { status: 404, title: 'There is no package.' },
  'no-links': { status: 404, title: 'No links are handed out here.' },
  'no-link': { status: 404, title: 'There is no such link.' },
  'not-signed': { status: 406, title: 'This is not to be had signed.' },
  'no-receipt': { status: 404, title: 'There is no receipt.' },
  'body-too-slow': { status: 408, title: 'The body did not come in time.' },
  'not-awaiting-decision': { status: 409, title: 'The request does not wait for a decision.' },
  'stale-plan': { status: 409, title: 'The plan has changed: read it again.' },
  'decision-too-late': { status: 409, title: 'The time to decide is over.' },
  'cancel-too-late': { status: 409, title: 'The request can not be cancelled any more.' },
  'not-extendable': { status: 409, title: 'The due date can not be extended.' },
  'not-redrivable': { status: 409, title: 'The request can not be sent again.' },
  'journal-full': { status: 409, title: 'The journal has no room for more of this.' },
  'not-sealed': { status: 409, title: 'The request is not sealed yet.' },
  'plan-gone': { status: 410, title: 'The plan is not there any more.' },
  'package-gone': { status: 410, title: 'The package is not to be had any more.' },
  'results-gone': { status: 410, title: 'The results of the request are not there any more.' },
  'link-expired': { status: 410, title: 'The time of the link is over.' },
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
const faultSchema = z.object({ field: z.string(), message: z.string() });
export type FieldFault = Readonly<z.infer<typeof faultSchema>>;

export const problemType = (name: ProblemName): string => `/problems/${name}`;

/** A refusal (RFC 9457). `type` is a path and stable; `errors` names each wrong member; `errorId` finds the lines of the log. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().exactOptional(),
  errors: z.array(faultSchema).exactOptional(),
  errorId: z.string().exactOptional(),
});
export type Problem = z.infer<typeof problemSchema>;
