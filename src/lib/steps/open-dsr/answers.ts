import type { Change } from '../../domain/callback.ts';
import {
  OPEN_DSR_TYPES,
  type OpenDsrProcessor,
  type OpenDsrVersion,
  SUPPORTED_IDENTITIES,
} from '../../domain/open-dsr.ts';
import { openDsrStatus } from '../../plan/open-dsr.ts';
import type { CallbackPost } from '../../upstream/callback-post.ts';
import type { OpenDsrRecord } from './open-dsr.ts';

const identify = (record: OpenDsrRecord) => ({
  controller_id: record.client,
  subject_request_id: record.openDsr.subjectRequestId,
});

const expected = ({ due, deadline }: OpenDsrRecord) => ({ expected_completion_time: due?.by ?? deadline });

/** Answer to a new request. @param encoded its whole body in base64: given back, kept nowhere. */
export const receivedAnswer = (record: OpenDsrRecord, encoded: string) => ({
  ...identify(record),
  ...expected(record),
  received_time: record.submittedAt,
  encoded_request: encoded,
});

/** Where a request stands, or stood with a change. */
export function statusAnswer(
  record: OpenDsrRecord,
  { baseUrl }: Pick<OpenDsrProcessor, 'baseUrl'>,
  at: Pick<Change, 'state' | 'touched'> = { state: record.state, touched: record.touchedUpstream },
) {
  const { submission, requestId, openDsr } = record;
  const hasResults = at.state === 'completed' && submission.action === 'export' && !submission.dryRun;
  return {
    ...identify(record),
    ...expected(record),
    request_status: openDsrStatus(at.state, at.touched),
    api_version: openDsr.version,
    ...(hasResults && { results_url: `${baseUrl}/api/requests/${requestId}/package` }),
  };
}

/** A change as it is told to a URL: the status, and which URL this is. */
export function openDsrCallback(
  processor: OpenDsrProcessor,
  record: OpenDsrRecord,
  { url, change }: { readonly url: string; readonly change: Change },
): CallbackPost {
  const body = JSON.stringify({ ...statusAnswer(record, processor, change), status_callback_url: url });
  return { url, headers: signatureHeaders(processor, record.openDsr.version, body), body };
}

/** @param receivedAt when the withdrawal came in. */
export const withdrawnAnswer = (record: OpenDsrRecord, receivedAt: Date) => ({
  ...identify(record),
  received_time: receivedAt.toISOString(),
});

/** Path of the certificate, for whoever checks a signature. */
export const CERTIFICATE_PATH = 'opendsr/certificate.pem';

export const discoveryAnswer = ({ baseUrl }: Pick<OpenDsrProcessor, 'baseUrl'>, version: OpenDsrVersion) => ({
  api_version: version,
  supported_identities: SUPPORTED_IDENTITIES,
  supported_subject_request_types: OPEN_DSR_TYPES,
  processor_certificate: `${baseUrl}/api/${CERTIFICATE_PATH}`,
});

/** The standard's word in the names of its headers. */
const WORD = { '2.0': 'OpenDSR', '1.0': 'OpenGDPR' } as const satisfies Record<OpenDsrVersion, string>;

/** Headers under which a body of the standard goes out, in an answer or a callback. */
export function signatureHeaders(
  { domain, sign }: OpenDsrProcessor,
  version: OpenDsrVersion,
  body: string,
): Record<string, string> {
  const word = WORD[version];
  return { [`X-${word}-Processor-Domain`]: domain, [`X-${word}-Signature`]: sign(body) };
}
