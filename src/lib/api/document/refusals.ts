import type { Description } from '../description.ts';
import { ANSWER_HEADERS, type AnswerHeader } from '../headers.ts';
import { openDsrErrorSchema } from '../open-dsr-answers.ts';
import { PROBLEMS, type ProblemName, problemSchema, problemType } from '../problems.ts';
import { type Json, schemaOf } from './schemas.ts';

/** What every route behind the two locks may refuse (docs/SECURITY.md). */
const LOCKED: readonly ProblemName[] = [
  'no-token',
  'bad-token',
  'no-role',
  'unnamed-caller',
  'not-local',
  'too-many-requests',
  'internal',
  'unavailable',
];
const BODY: readonly ProblemName[] = ['validation', 'malformed-json', 'body-too-large', 'body-too-slow', 'not-json'];

const HEADERS_OF: Partial<Record<number, readonly AnswerHeader[]>> = {
  401: ['WWW-Authenticate'],
  416: ['Content-Range'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** Every refusal that a route may answer, by name. */
function problemsOf(route: Description): ProblemName[] {
  const isGiven = Boolean(route.query) || (route.headers?.includes('Idempotency-Key') ?? false);
  const names = new Set<ProblemName>([
    ...(route.roles === 'anybody' ? [] : LOCKED),
    ...(route.body && !route.openDsrErrors ? BODY : []),
    ...(isGiven ? (['validation'] as const) : []),
    ...(route.problems ?? []),
  ]);
  return [...names];
}

/** The refusals of a route, by status. */
export const refusals = (route: Description): Record<string, Json> =>
  Object.fromEntries(byStatus(route).map(([status, names]) => [String(status), refusal(route, status, names)]));

/** Problems of each status that a route may refuse with; none where only OpenDSR has words for it. */
function byStatus(route: Description): [number, ProblemName[]][] {
  const statuses = new Map<number, ProblemName[]>();
  for (const name of problemsOf(route)) {
    const { status } = PROBLEMS[name];
    statuses.set(status, [...(statuses.get(status) ?? []), name]);
  }
  for (const status of route.openDsrErrors ?? []) statuses.set(status, statuses.get(status) ?? []);
  return [...statuses].sort(([a], [b]) => a - b);
}

function refusal(route: Description, status: number, names: readonly ProblemName[]): Json {
  if (!route.openDsrErrors?.includes(status)) return { $ref: `#/components/responses/${sharedName(names)}` };
  const { description, headers, content } = sharedRefusal(status, names);
  const signed = headersOf(route.answer.headers ?? []);
  return {
    description: ['What is wrong, in the shape of the standard.', description].join(' ').trim(),
    headers: { ...headers, ...signed.headers },
    content: { 'application/json': { schema: schemaOf(openDsrErrorSchema) }, ...content },
  };
}

const sharedName = (names: readonly ProblemName[]): string => names.join('.');

/** Refusals that stand in the document once and are referred to, under the names of their problems. */
export function sharedRefusals(routes: readonly Description[]): Record<string, Json> {
  const shared: Record<string, Json> = {};
  for (const route of routes) {
    for (const [status, names] of byStatus(route)) {
      if (!route.openDsrErrors?.includes(status)) shared[sharedName(names)] = { ...sharedRefusal(status, names) };
    }
  }
  return shared;
}

interface Refusal {
  readonly description: string;
  readonly headers?: Json;
  readonly content?: Json;
}

function sharedRefusal(status: number, names: readonly ProblemName[]): Refusal {
  const titles: string[] = names.map((name) => PROBLEMS[name].title);
  if (status === 401) titles.push('A wrong function key is refused with an empty body.');
  return {
    description: titles.join(' '),
    ...headersOf(HEADERS_OF[status] ?? []),
    ...(names.length > 0 && { content: { 'application/problem+json': { schema: problemAs(names) } } }),
  };
}

const problemAs = (names: readonly ProblemName[]): Json => ({
  allOf: [schemaOf(problemSchema), { properties: { type: { enum: names.map(problemType) } } }],
});

/** Headers of an answer, as a member `headers`; nothing where there are none. */
export function headersOf(names: readonly AnswerHeader[]): { headers?: Json } {
  if (names.length === 0) return {};
  return { headers: Object.fromEntries(names.map((name) => [name, ANSWER_HEADERS[name]])) };
}
