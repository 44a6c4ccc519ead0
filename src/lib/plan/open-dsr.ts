import { z } from 'zod';
import type { State } from '../domain/lifecycle.ts';
import type {
  OpenDsrIdentity,
  OpenDsrOrder,
  OpenDsrProcessor,
  OpenDsrStatus,
  OpenDsrType,
  OpenDsrVersion,
} from '../domain/open-dsr.ts';
import { type Action, type Submission, submissionSchema } from '../domain/request.ts';

/** The table of docs/OPENDSR.md. There is no failed state in the standard: the rest is told by the native API. */
const STATUS = {
  received: 'pending',
  planning: 'pending',
  'awaiting-decision': 'pending',
  running: 'in_progress',
  sealing: 'in_progress',
  completed: 'completed',
  'partially-completed': 'in_progress',
  failed: 'in_progress',
  cancelled: 'cancelled',
  rejected: 'cancelled',
  expired: 'cancelled',
} as const satisfies Record<State, OpenDsrStatus>;

/** @param touched something upstream may have been changed: what is planned again after that is no longer pending. */
export function openDsrStatus(state: State, touched: boolean): OpenDsrStatus {
  const status = STATUS[state];
  return status === 'pending' && touched ? 'in_progress' : status;
}

const ACTION = { access: 'export', portability: 'export', erasure: 'delete' } as const satisfies Record<
  OpenDsrType,
  Action
>;

/** Why an order of the standard can't be taken; `reason` names its member. Never quotes a value. */
export interface OpenDsrFault {
  readonly reason: string;
  readonly message: string;
}

export type Mapped =
  | { readonly kind: 'submission'; readonly submission: Submission }
  | { readonly kind: 'faults'; readonly faults: readonly OpenDsrFault[] };

/** What the standard has no word for, under the processor's domain in `extensions`. */
const extensionSchema = z.strictObject({
  targets: z.unknown().optional(),
  families: z.unknown().optional(),
  scope: z.unknown().optional(),
  exportFirst: z.unknown().optional(),
  objectId: z.unknown().optional(),
  userPrincipalName: z.unknown().optional(),
});
type Extension = z.infer<typeof extensionSchema>;

/** A native submission that asks for the same. Only what names the person, in all targets, unless the extension says otherwise. */
export function submissionFrom(
  order: OpenDsrOrder,
  version: OpenDsrVersion,
  processor: Pick<OpenDsrProcessor, 'domain'>,
): Mapped {
  const given = extensionSchema.safeParse(order.extensions[processor.domain] ?? {});
  const faults = [...regulationFaults(order, version), ...order.subject_identities.flatMap(identityFaults)];
  if (!given.success) faults.push({ reason: 'extensions', message: 'has a member that is not known here' });
  for (const type of ['email', 'controller_customer_id']) {
    if (order.subject_identities.filter(({ identity_type }) => identity_type === type).length > 1) {
      faults.push({ reason: 'subject_identities', message: `names more than one ${type}` });
    }
  }
  if (faults.length > 0 || !given.success) return { kind: 'faults', faults };
  const parsed = submissionSchema.safeParse(compose(order, given.data));
  return parsed.success
    ? { kind: 'submission', submission: parsed.data }
    : { kind: 'faults', faults: parsed.error.issues.map(nativeFault) };
}

function compose(order: OpenDsrOrder, extension: Extension): unknown {
  const identityOf = (type: string) =>
    order.subject_identities.find(({ identity_type }) => identity_type === type)?.identity_value;
  const { objectId, userPrincipalName, targets = 'all', families = 'all', scope = 'subject', exportFirst } = extension;
  const { subject_request_id, status_callback_urls } = order;
  return {
    action: ACTION[order.subject_request_type],
    subject: {
      // Without a word of the controller's for the person, the id of its request stands for it.
      reference: identityOf('controller_customer_id') ?? subject_request_id,
      email: identityOf('email'),
      objectId,
      userPrincipalName,
    },
    targets,
    families,
    scope,
    exportFirst,
    regulation: order.regulation ?? 'gdpr',
    ...(status_callback_urls.length > 0 && { callbackUrls: status_callback_urls }),
  };
}

const regulationFaults = ({ regulation }: OpenDsrOrder, version: OpenDsrVersion): OpenDsrFault[] =>
  version === '2.0' && regulation === undefined ? [{ reason: 'regulation', message: 'is required' }] : [];

function identityFaults({ identity_type, identity_format }: OpenDsrIdentity, at: number): OpenDsrFault[] {
  const reason = `subject_identities.${at}`;
  if (!['email', 'controller_customer_id'].includes(identity_type)) {
    return [{ reason, message: 'identities of this type are not supported: see discovery' }];
  }
  return identity_format === 'raw' ? [] : [{ reason, message: 'only identities in raw format are supported' }];
}

/** A fault of the composed submission, under the standard's own name for where it came from. */
function nativeFault({ path, message }: z.core.$ZodIssue): OpenDsrFault {
  const [member = '', ...rest] = path.map(String);
  const lacksIdentity = member === 'subject' && rest.length === 0;
  if (lacksIdentity) return { reason: 'subject_identities', message: 'an email is needed to find the person' };
  const inIdentity = member === 'subject' && ['reference', 'email'].includes(rest[0] ?? '');
  if (inIdentity) return { reason: 'subject_identities', message };
  if (member === 'callbackUrls') return { reason: ['status_callback_urls', ...rest].join('.'), message };
  return { reason: ['extensions', member, ...rest].join('.'), message };
}
