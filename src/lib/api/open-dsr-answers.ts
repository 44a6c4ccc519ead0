import { z } from 'zod';
import { requestIdSchema } from '../domain/ids.ts';
import { OPEN_DSR_STATUSES, OPEN_DSR_TYPES, OPEN_DSR_VERSIONS } from '../domain/open-dsr.ts';

const moment = z.iso.datetime();
const identified = { controller_id: z.string(), subject_request_id: requestIdSchema };
const version = z.enum(OPEN_DSR_VERSIONS);

/** Discovery, in both versions of the standard. */
export const discoverySchema = z.object({
  api_version: version,
  supported_identities: z.array(z.object({ identity_type: z.string(), identity_format: z.string() })),
  supported_subject_request_types: z.array(z.enum(OPEN_DSR_TYPES)),
  processor_certificate: z.string(),
});

/** A request was taken in. */
export const openDsrReceivedSchema = z.object({
  ...identified,
  expected_completion_time: moment,
  received_time: moment,
  encoded_request: z.base64().describe('The body as it came.'),
});

/** How a request stands. */
export const openDsrStatusSchema = z.object({
  ...identified,
  expected_completion_time: moment,
  request_status: z.enum(OPEN_DSR_STATUSES),
  api_version: version,
  results_url: z.string().exactOptional().describe('The package in the native API.'),
});

/** The same, told to one of the URLs that the request named. */
export const openDsrCallbackSchema = openDsrStatusSchema.extend({
  status_callback_url: z.string().describe('The URL that is told.'),
});

/** A request was withdrawn. */
export const openDsrWithdrawnSchema = z.object({ ...identified, received_time: moment });

/** A refusal in the shape of the standard. `reason` is a member of the request, and no text quotes a value. */
export const openDsrErrorSchema = z.object({
  error: z.object({
    code: z.number().int(),
    message: z.string(),
    errors: z.array(z.object({ domain: z.string(), reason: z.string(), message: z.string() })),
  }),
});
