import { z } from 'zod';

const whole = z.number().int().min(0);

/** What goes wrong. Times in milliseconds unless the name says seconds. */
export const faultSchema = z.discriminatedUnion('kind', [
  /** 429; without `retryAfterSeconds` no Retry-After. */
  z.object({ kind: z.literal('throttled'), retryAfterSeconds: whole.optional() }),
  z.object({
    kind: z.literal('status'),
    status: z.number().int().min(400).max(599),
    retryAfterSeconds: whole.optional(),
  }),
  /** This very answer instead of the service's own: a recorded body, an unknown member. */
  z.object({ kind: z.literal('answerWith'), status: z.number().int().default(200), json: z.unknown() }),
  /** The same with a body that is no JSON; an empty one has no content type. */
  z.object({
    kind: z.literal('answerWithText'),
    status: z.number().int().default(200),
    contentType: z.string().default('text/plain; charset=utf-8'),
    text: z.string(),
  }),
  /** The request is not carried out and the connection is reset. */
  z.object({ kind: z.literal('resetBeforeAnswer') }),
  /** The request is carried out, then the connection is reset without an answer. */
  z.object({ kind: z.literal('resetAfterEffect') }),
  z.object({ kind: z.literal('resetMidBody'), afterBytes: whole.optional() }),
  /** The body ends early: `declared` says whether Content-Length tells the full size (`full`) or the cut one (`cut`). */
  z.object({ kind: z.literal('truncatedBody'), afterBytes: whole.optional(), declared: z.enum(['full', 'cut']) }),
  z.object({ kind: z.literal('slowDrip'), chunkBytes: z.number().int().min(1), pauseMilliseconds: whole }),
  z.object({ kind: z.literal('htmlInsteadOfJson'), status: z.number().int().default(200) }),
  z.object({ kind: z.literal('malformedJson') }),
  z.object({ kind: z.literal('emptyPageThatIsNotTheLast') }),
  /** A later page of a skip/take list repeats the one before. */
  z.object({ kind: z.literal('pageServedTwice') }),
  /** A change is answered as done, but happens only later; with neither number it never happens. */
  z.object({
    kind: z.literal('answeredButNotDone'),
    afterCalls: whole.optional(),
    afterMilliseconds: whole.optional(),
  }),
  /** A deletion is refused with the service's own error; `times` says for how long. */
  z.object({
    kind: z.literal('deleteRefusedForAWhile'),
    status: z.number().int().default(409),
    code: z.string().default('Conflict'),
  }),
  /** The link to the next page leads to another origin. */
  z.object({ kind: z.literal('foreignNextLink'), origin: z.url() }),
]);

export type Fault = z.output<typeof faultSchema>;

export const faultRuleSchema = z.object({
  /** All given conditions must hold; `{}` matches every call. Text is compared without regard to case. */
  match: z
    .object({
      method: z.string().optional(),
      host: z.string().optional(),
      operation: z.string().optional(),
      /** A regular expression on the path with its query. */
      pathPattern: z.string().optional(),
    })
    .default({}),
  fault: faultSchema,
  /** Matching calls that pass unharmed first. */
  after: whole.default(0),
  /** Of the calls that match, every nth is harmed. */
  everyNth: z.number().int().min(1).default(1),
  /** How often at most; unlimited if left out. */
  times: whole.optional(),
});

export type FaultRule = z.input<typeof faultRuleSchema>;
