import { openDsrOrderSchema } from '../../domain/open-dsr.ts';
import { ROLES } from '../../domain/roles.ts';
import type { Description } from '../description.ts';
import { DUE, SUBJECT_REQUEST_ID, SUBMITTED } from '../examples.ts';
import {
  discoverySchema,
  openDsrReceivedSchema,
  openDsrStatusSchema,
  openDsrWithdrawnSchema,
} from '../open-dsr-answers.ts';
import { OF_SUBJECT_REQUEST } from '../parts.ts';

const TAG = { tag: 'OpenDSR', roles: ['Dsr.Submit'], problems: ['not-found'] } as const;
const SIGNED_2 = ['X-OpenDSR-Processor-Domain', 'X-OpenDSR-Signature'] as const;
const SIGNED_1 = ['X-OpenGDPR-Processor-Domain', 'X-OpenGDPR-Signature'] as const;

const order = {
  subject_request_id: SUBJECT_REQUEST_ID,
  subject_request_type: 'erasure',
  submitted_time: '2026-03-01T12:00:00Z',
  subject_identities: [
    { identity_type: 'email', identity_value: 'ada.lovelace@example.com', identity_format: 'raw' },
    { identity_type: 'controller_customer_id', identity_value: 'customer-815', identity_format: 'raw' },
  ],
} as const;

const identified = { controller_id: 'portal', subject_request_id: SUBJECT_REQUEST_ID };
const expected = { expected_completion_time: DUE };

const DISCOVERY = { status: 200, description: 'What is supported.', json: discoverySchema } as const;
const RECEIVED = {
  status: 201,
  description: 'It is taken in.',
  json: openDsrReceivedSchema,
  example: { ...identified, ...expected, received_time: SUBMITTED, encoded_request: 'e30=' },
} as const;
const STATUS = { status: 200, description: 'How it stands.', json: openDsrStatusSchema } as const;
const WITHDRAWN = {
  status: 202,
  description: 'It is withdrawn.',
  json: openDsrWithdrawnSchema,
  example: { ...identified, received_time: SUBMITTED },
} as const;

/** OpenDSR 2.0 (docs/OPENDSR.md). */
const ROUTES_2 = {
  openDsrDiscovery: {
    ...TAG,
    method: 'GET',
    path: 'opendsr/v2/discovery',
    summary: 'See what is supported',
    roles: ROLES,
    answer: { ...DISCOVERY, headers: SIGNED_2 },
  },
  openDsrSubmit: {
    ...TAG,
    method: 'POST',
    path: 'opendsr/v2/requests',
    summary: 'Hand a request of the standard in',
    details: 'It becomes a native request: docs/OPENDSR.md has the table.',
    body: { schema: openDsrOrderSchema, examples: { erasure: { regulation: 'gdpr', ...order } } },
    answer: { ...RECEIVED, headers: SIGNED_2 },
    openDsrErrors: [400, 408, 413],
  },
  openDsrStatus: {
    ...TAG,
    method: 'GET',
    path: 'opendsr/v2/requests/{id}',
    summary: 'See how a request of the standard stands',
    parts: OF_SUBJECT_REQUEST,
    answer: {
      ...STATUS,
      headers: SIGNED_2,
      example: { ...identified, ...expected, request_status: 'pending', api_version: '2.0' },
    },
    openDsrErrors: [404],
  },
  openDsrWithdraw: {
    ...TAG,
    method: 'DELETE',
    path: 'opendsr/v2/requests/{id}',
    summary: 'Withdraw a request of the standard',
    details: 'While it is pending; after that the native cancel still works.',
    parts: OF_SUBJECT_REQUEST,
    answer: { ...WITHDRAWN, headers: SIGNED_2 },
    openDsrErrors: [400, 404, 408, 413],
  },
} as const satisfies Record<string, Description>;

/** Version 1.0, then called OpenGDPR. */
const ROUTES_1 = {
  openGdprDiscovery: {
    ...ROUTES_2.openDsrDiscovery,
    path: 'opendsr/v1/discovery',
    summary: 'See what is supported, in version 1.0',
    answer: { ...DISCOVERY, headers: SIGNED_1 },
  },
  openGdprSubmit: {
    ...ROUTES_2.openDsrSubmit,
    path: 'opendsr/v1/opengdpr_requests',
    summary: 'Hand a request in, in version 1.0',
    body: { schema: openDsrOrderSchema, examples: { erasure: order } },
    answer: { ...RECEIVED, headers: SIGNED_1 },
  },
  openGdprStatus: {
    ...ROUTES_2.openDsrStatus,
    path: 'opendsr/v1/opengdpr_requests/{id}',
    summary: 'See how a request stands, in version 1.0',
    answer: {
      ...STATUS,
      headers: SIGNED_1,
      example: { ...identified, ...expected, request_status: 'pending', api_version: '1.0' },
    },
  },
  openGdprWithdraw: {
    ...ROUTES_2.openDsrWithdraw,
    path: 'opendsr/v1/opengdpr_requests/{id}',
    summary: 'Withdraw a request, in version 1.0',
    answer: { ...WITHDRAWN, headers: SIGNED_1 },
  },
} as const satisfies Record<string, Description>;

export const OPEN_DSR_ROUTES = { ...ROUTES_2, ...ROUTES_1 } as const;
