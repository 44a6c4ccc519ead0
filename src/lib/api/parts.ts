import { z } from 'zod';
import { requestIdSchema } from '../domain/ids.ts';
import { isPackageFile } from '../domain/package-file.ts';
import { SWEEP_NAMES } from '../domain/sweeps.ts';
import { HOLD_ID, REQUEST_ID, SUBJECT_REQUEST_ID } from './examples.ts';

const request = { description: 'The request’s id.', schema: requestIdSchema, example: REQUEST_ID };

/** Of routes about one request. */
export const OF_REQUEST = { id: request } as const;

export const OF_FILE = {
  id: request,
  name: {
    description: 'A volume or a manifest, as the list of the package names it.',
    schema: z.string().refine(isPackageFile),
    example: 'manifest.json',
  },
} as const;

export const OF_LINK = {
  token: { description: 'Of the link.', schema: z.string(), example: 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..x.y.z' },
} as const;

export const OF_HOLD = {
  holdId: { description: 'The hold’s id.', schema: z.string(), example: HOLD_ID },
} as const;

export const OF_SWEEP = {
  name: { description: 'The sweep’s name.', schema: z.enum(SWEEP_NAMES), example: 'results' },
} as const;

/** Of routes of OpenDSR about one request. */
export const OF_SUBJECT_REQUEST = {
  id: { description: 'The controller’s own id of the request.', schema: requestIdSchema, example: SUBJECT_REQUEST_ID },
} as const;
