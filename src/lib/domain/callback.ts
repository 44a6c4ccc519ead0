import { z } from 'zod';
import { requestIdSchema } from './ids.ts';
import { stateSchema } from './lifecycle.ts';
import { NOTICES } from './notice.ts';

const isLoopbackLiteral = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);

/** https, or plain http on this very machine, which only the local set-up lets through; nothing that would be a secret or never be sent. */
function hasForm(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackLiteral(hostname));
}

/** Where a portal wants to be told. Whether the host is one that the operator allows is seen when the request comes in. */
export const callbackUrlsSchema = z
  .array(z.string().max(2000).refine(hasForm, 'must be an https URL without user, password and fragment'))
  .min(1)
  .max(5)
  .refine((all) => new Set(all).size === all.length, 'names a URL twice');

/**
 * A change of state that is to be told, or a notice, which changes none. `seq`: number of its line in the journal. `touched`: something
 * upstream may have been changed by then. `done`: places in `callbackUrls` that have been told or given up.
 */
export const changeSchema = z.object({
  seq: z.number().int().positive(),
  at: z.iso.datetime(),
  state: stateSchema,
  notice: z.enum(NOTICES).optional(),
  touched: z.boolean(),
  done: z.array(z.number().int().nonnegative()),
});
export type Change = z.infer<typeof changeSchema>;

/** What callbacks are about: changes of state, and notices. */
const CALLBACK_TYPES = ['request.state-changed', ...NOTICES.map((notice) => `request.${notice}` as const)] as const;

/** What a callback says: what happened, ids and states only. The names of the members are those that Standard Webhooks recommends. */
export const callbackEventSchema = z.object({
  type: z.enum(CALLBACK_TYPES),
  timestamp: z.iso.datetime(),
  data: z.object({
    requestId: requestIdSchema,
    state: stateSchema,
    seq: z.number().int().positive().describe('Number of the line in the journal: the highest one is what holds.'),
  }),
});
export type CallbackEvent = z.infer<typeof callbackEventSchema>;

/** The whole content of a message on `dsr-callbacks`: whom to tell of what, never what. `url`: place in `callbackUrls`. */
export const callbackMessageSchema = z.strictObject({
  v: z.literal(1),
  requestId: requestIdSchema,
  seq: z.number().int().positive(),
  url: z.number().int().nonnegative(),
  attempt: z.number().int().positive(),
});
export type CallbackMessage = z.infer<typeof callbackMessageSchema>;
