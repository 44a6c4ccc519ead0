import { keySetSchema } from '../../domain/jwks.ts';
import { APP_VERSION } from '../../domain/version.ts';
import { healthSchema, openApiSchema } from '../answers.ts';
import type { Description } from '../description.ts';

/** For whoever asks. */
export const OPEN_ROUTES = {
  health: {
    method: 'GET',
    path: 'health',
    tag: 'open',
    summary: 'See whether the storage account answers',
    roles: 'anybody',
    answer: {
      status: 200,
      description: 'It does.',
      json: healthSchema,
      example: { status: 'ok', version: APP_VERSION },
    },
    problems: ['unavailable'],
  },
  publishKeys: {
    method: 'GET',
    path: '.well-known/jwks.json',
    tag: 'open',
    summary: 'Get the public keys of receipts and journals',
    roles: 'anybody',
    answer: {
      status: 200,
      description: 'The keys (RFC 7517); none where nothing is signed.',
      json: keySetSchema,
      mediaType: 'application/jwk-set+json',
      example: { keys: [] },
    },
    problems: ['internal'],
  },
  openDsrCertificate: {
    method: 'GET',
    path: 'opendsr/certificate.pem',
    tag: 'OpenDSR',
    summary: 'Get the certificate of OpenDSR’s signatures',
    roles: 'anybody',
    answer: { status: 200, description: 'X.509 in PEM.', media: { 'application/x-pem-file': 'The certificate.' } },
    problems: ['not-found', 'internal'],
  },
  describeApi: {
    method: 'GET',
    path: 'openapi.json',
    tag: 'open',
    summary: 'Get this document',
    roles: 'anybody',
    answer: {
      status: 200,
      description: 'OpenAPI 3.1.',
      json: openApiSchema,
      headers: ['ETag'],
    },
    also: { 304: { description: 'It has not changed.', headers: ['ETag'] } },
    headers: ['If-None-Match'],
    problems: ['internal'],
  },
} as const satisfies Record<string, Description>;
