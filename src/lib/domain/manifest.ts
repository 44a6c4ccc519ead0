import { z } from 'zod';
import { requestIdSchema } from './ids.ts';
import { ACTIONS } from './request.ts';

const bytes = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file in a volume, as it is once unpacked. */
export const manifestEntrySchema = z.object({ path: z.string().min(1), bytes, sha256 });
export type ManifestEntry = z.infer<typeof manifestEntrySchema>;

/** A ZIP file of the package. `bytes` and `sha256` are the archive's own. */
export const manifestVolumeSchema = z.object({
  name: z.string().regex(/^package-(?:\d{1,2}-)?\d{3,}\.zip$/),
  bytes,
  sha256,
  entries: z.array(manifestEntrySchema),
});
export type ManifestVolume = z.infer<typeof manifestVolumeSchema>;

/** `volumes`, `entries`: how many; `bytes`: of all entries unpacked; `archiveBytes`: of all volumes. */
const totals = z.object({ volumes: bytes, entries: bytes, bytes, archiveBytes: bytes });
export type ManifestTotals = z.infer<typeof totals>;

/** What stands before the volumes. `createdAt`: when sealing began. */
const head = z.object({
  v: z.literal(1),
  requestId: requestIdSchema,
  action: z.enum(ACTIONS),
  createdAt: z.iso.datetime(),
});
export type ManifestHead = z.infer<typeof head>;

/** `manifest.json`: every volume of a package and every file in it, with sizes and SHA-256s in lower-case hex. */
export const manifestSchema = head.extend({ volumes: z.array(manifestVolumeSchema), totals });
export type Manifest = z.infer<typeof manifestSchema>;
