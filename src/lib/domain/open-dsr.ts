import { z } from 'zod';
import { REGULATIONS } from './due.ts';
import { requestIdSchema } from './ids.ts';

/** Versions of the standard: 1.0 was called OpenGDPR. */
export const OPEN_DSR_VERSIONS = ['2.0', '1.0'] as const;
export type OpenDsrVersion = (typeof OPEN_DSR_VERSIONS)[number];

export const OPEN_DSR_TYPES = ['access', 'portability', 'erasure'] as const;
export type OpenDsrType = (typeof OPEN_DSR_TYPES)[number];

/** What a record keeps of the standard's request: everything else follows from the submission that it became. */
export const openDsrSchema = z.object({ version: z.enum(OPEN_DSR_VERSIONS), subjectRequestId: requestIdSchema });
export type OpenDsr = z.infer<typeof openDsrSchema>;

/** Identities by which people can be found here; other types of the standard are devices, and digests find nobody. */
export const SUPPORTED_IDENTITIES = [
  { identity_type: 'email', identity_format: 'raw' },
  { identity_type: 'controller_customer_id', identity_format: 'raw' },
] as const;

const identitySchema = z.object({
  identity_type: z.string().max(100),
  identity_value: z.string().min(1).max(320),
  identity_format: z.string().max(20),
});
export type OpenDsrIdentity = z.infer<typeof identitySchema>;

/**
 * The body of the standard's POST of a request; members that it doesn't know are ignored, as it asks. The version comes from the path.
 * `regulation` is new in 2.0: 1.0 knew the GDPR only.
 */
export const openDsrOrderSchema = z.object({
  regulation: z.enum(REGULATIONS).optional(),
  subject_request_id: requestIdSchema,
  subject_request_type: z.enum(OPEN_DSR_TYPES),
  submitted_time: z.iso.datetime({ offset: true }),
  subject_identities: z.array(identitySchema).max(20).default([]),
  status_callback_urls: z.array(z.string()).max(5).default([]),
  extensions: z.record(z.string(), z.unknown()).default({}),
});
export type OpenDsrOrder = z.infer<typeof openDsrOrderSchema>;

export const OPEN_DSR_STATUSES = ['pending', 'in_progress', 'completed', 'cancelled'] as const;
export type OpenDsrStatus = (typeof OPEN_DSR_STATUSES)[number];

/** The operator as a processor of the standard. */
export interface OpenDsrProcessor {
  /** Stands in every answer, and in the certificate. */
  readonly domain: string;
  /** Where this API is reached, without a slash at the end. */
  readonly baseUrl: string;
  /** X.509 in PEM. */
  readonly certificate: string;
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the bytes of a body; base64. */
  sign(body: string): string;
}
