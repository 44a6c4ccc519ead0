import type { z } from 'zod';
import { callbackEventSchema } from '../domain/callback.ts';
import { DUE, REQUEST_ID, SUBJECT_REQUEST_ID, SUBMITTED } from './examples.ts';
import { openDsrCallbackSchema } from './open-dsr-answers.ts';

/** Headers of a call that the app makes. */
export const TOLD_HEADERS = {
  'webhook-id': 'The same for every attempt at one occurrence and URL.',
  'webhook-timestamp': 'Seconds since 1970, of this attempt.',
  'webhook-signature':
    'Standard Webhooks: `v1,` and a signature, one for each of the operator’s secrets, with spaces between them.',
  'X-OpenDSR-Processor-Domain': 'Who tells.',
  'X-OpenDSR-Signature': 'Signature over the bytes of the body, in base64.',
  'X-OpenGDPR-Processor-Domain': 'Who tells.',
  'X-OpenGDPR-Signature': 'Signature over the bytes of the body, in base64.',
} as const;
export type ToldHeader = keyof typeof TOLD_HEADERS;

/** One kind of call that the app makes to those who asked to be told. */
export interface Webhook {
  readonly summary: string;
  readonly details: string;
  readonly headers: readonly ToldHeader[];
  readonly schema: z.ZodType;
  /** Tests make the same with the code that tells. */
  readonly examples: Readonly<Record<string, unknown>>;
}

const status = {
  controller_id: 'portal',
  subject_request_id: SUBJECT_REQUEST_ID,
  expected_completion_time: DUE,
  request_status: 'in_progress',
};
const status_callback_url = 'https://controller.example.com/told';

/** Every kind of call that the app makes to `callbackUrls`. */
export const WEBHOOKS = {
  requestEvent: {
    summary: 'Something has happened to a request',
    details:
      'A change of its state, or something that somebody should know. Ids and states only: `GET /requests/{id}` says more.',
    headers: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
    schema: callbackEventSchema,
    examples: {
      'a change of state': {
        type: 'request.state-changed',
        timestamp: SUBMITTED,
        data: { requestId: REQUEST_ID, state: 'running', seq: 7 },
      },
      'a notice': {
        type: 'request.due-soon',
        timestamp: SUBMITTED,
        data: { requestId: REQUEST_ID, state: 'awaiting-decision', seq: 8 },
      },
    },
  },
  openDsrStatusChanged: {
    summary: 'The status of a request of OpenDSR 2.0 has changed, or when it is expected to be completed',
    details: 'In the words of the standard, under its own signature (docs/OPENDSR.md).',
    headers: ['X-OpenDSR-Processor-Domain', 'X-OpenDSR-Signature'],
    schema: openDsrCallbackSchema,
    examples: { 'a change of status': { ...status, api_version: '2.0', status_callback_url } },
  },
  openGdprStatusChanged: {
    summary: 'The same of a request of version 1.0',
    details: 'In the words of the standard, then called OpenGDPR, under its own signature.',
    headers: ['X-OpenGDPR-Processor-Domain', 'X-OpenGDPR-Signature'],
    schema: openDsrCallbackSchema,
    examples: { 'a change of status': { ...status, api_version: '1.0', status_callback_url } },
  },
} as const satisfies Record<string, Webhook>;
