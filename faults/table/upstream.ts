import type { FaultRule } from '../../local/simulator/faults/rules.ts';
import type { Random } from '../../local/simulator/seeded.ts';
import { ACTIONS, type Action } from '../actions.ts';
import { type Fault, SAME } from '../fault.ts';
import { nowAndThen, putRules } from './strike.ts';

type Rule = Omit<FaultRule, 'match'> & { readonly match?: NonNullable<FaultRule['match']> };

interface Row {
  readonly name: string;
  readonly what: string;
  readonly actions?: readonly [Action, ...Action[]];
  readonly images?: number;
  /** Now and then, unless the rule says when. */
  readonly rule: (random: Random) => Rule;
}

const LISTED: readonly [Action, ...Action[]] = ['export', 'delete'];
const read = { method: 'GET' } as const;
/** Bytes of images lie on a host of their own, shared by all. */
const imageBytes = { host: 'irisprodsim.blob.core.windows.net' } as const;

/** What passes: the request ends as if nothing had happened. */
const ROWS: readonly Row[] = [
  {
    name: 'throttled-told',
    what: '429 with Retry-After',
    rule: () => ({ fault: { kind: 'throttled', retryAfterSeconds: 1 } }),
  },
  { name: 'throttled', what: '429 without Retry-After', rule: () => ({ fault: { kind: 'throttled' } }) },
  { name: 'error-500', what: '500', rule: () => ({ fault: { kind: 'status', status: 500 } }) },
  { name: 'error-502', what: '502', rule: () => ({ fault: { kind: 'status', status: 502 } }) },
  {
    name: 'error-503',
    what: '503, with Retry-After or without',
    rule: (random) => ({
      fault: { kind: 'status', status: 503, ...(random.next() < 0.5 && { retryAfterSeconds: 1 }) },
    }),
  },
  { name: 'reset', what: 'connection reset, nothing done', rule: () => ({ fault: { kind: 'resetBeforeAnswer' } }) },
  {
    name: 'reset-after',
    what: 'connection reset after it was done',
    rule: () => ({ fault: { kind: 'resetAfterEffect' } }),
  },
  {
    name: 'reset-body',
    what: 'connection reset in the middle of a body',
    rule: (random) => ({ match: read, fault: { kind: 'resetMidBody', afterBytes: random.integer(0, 40) } }),
  },
  {
    name: 'cut-right-length',
    what: 'body cut, Content-Length of the whole',
    rule: (random) => ({
      match: read,
      fault: { kind: 'truncatedBody', afterBytes: random.integer(0, 40), declared: 'full' },
    }),
  },
  {
    name: 'cut-wrong-length',
    what: 'body cut, Content-Length of the rest',
    rule: (random) => ({
      match: read,
      fault: { kind: 'truncatedBody', afterBytes: random.integer(0, 40), declared: 'cut' },
    }),
  },
  {
    name: 'bytes-reset',
    what: 'connection reset in the middle of an image',
    actions: ['export'],
    rule: (random) => ({
      match: imageBytes,
      everyNth: 2,
      times: 6,
      fault: { kind: 'resetMidBody', afterBytes: random.integer(1, 390) },
    }),
  },
  {
    name: 'bytes-cut',
    what: 'image cut, Content-Length of the whole',
    actions: ['export'],
    rule: (random) => ({
      match: imageBytes,
      everyNth: 2,
      times: 6,
      fault: { kind: 'truncatedBody', afterBytes: random.integer(1, 390), declared: 'full' },
    }),
  },
  {
    name: 'slow-drip',
    what: 'bodies that drip',
    rule: () => ({ fault: { kind: 'slowDrip', chunkBytes: 200, pauseMilliseconds: 30 } }),
  },
  {
    name: 'html',
    what: '200 with an HTML page instead of JSON',
    rule: () => ({ match: read, fault: { kind: 'htmlInsteadOfJson' } }),
  },
  { name: 'malformed', what: 'JSON that breaks off', rule: () => ({ match: read, fault: { kind: 'malformedJson' } }) },
  {
    name: 'empty-page',
    what: 'an empty page that is not the last',
    actions: ['ml-export', 'ml-delete'],
    rule: () => ({ match: read, fault: { kind: 'emptyPageThatIsNotTheLast' }, times: 4 }),
  },
  {
    name: 'page-twice',
    what: 'a page that is served twice',
    actions: LISTED,
    images: 270,
    rule: () => ({ match: { operation: 'GetTaggedImages' }, fault: { kind: 'pageServedTwice' }, times: 1 }),
  },
  {
    name: 'not-done-yet',
    what: 'a delete that is answered and done later',
    actions: ['delete', 'subject'],
    rule: (random) => ({
      match: { method: 'DELETE' },
      fault: { kind: 'answeredButNotDone', afterCalls: random.integer(2, 8) },
      everyNth: random.integer(1, 2),
    }),
  },
  {
    name: 'delete-refused-a-while',
    what: 'a delete that is refused (409) for a while',
    actions: ['delete'],
    rule: () => ({ match: { operation: 'DeleteTag' }, fault: { kind: 'deleteRefusedForAWhile' }, times: 1 }),
  },
];

/** Faults of the services that pass. */
export const UPSTREAM: readonly Fault[] = ROWS.map(({ name, what, actions, images, rule }) => ({
  ...{ name, what, group: 'upstream', actions: actions ?? ACTIONS, end: SAME },
  ...(images === undefined ? {} : { images }),
  put: (place) => {
    const { match, ...own } = rule(place.random);
    const saysWhen = 'everyNth' in own || 'times' in own;
    return putRules(place, {
      ...(saysWhen ? {} : nowAndThen(place.random, place.scene.action)),
      ...own,
      ...(match && { match }),
    });
  },
}));
