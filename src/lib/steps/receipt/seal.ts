import { assertNever } from '../../domain/never.ts';
import type { WorkOf } from '../../domain/slice.ts';
import { sealManifest } from '../package/seal-manifest.ts';
import { sealVolume } from '../package/seal-volume.ts';
import type { SealContext, SliceOutcome } from '../slice/context.ts';

/** Makes one part of a package: a volume, then the next, then the manifest over all. Safe to repeat: parts are written once. */
export function seal(context: SealContext, work: WorkOf<'volume'> | WorkOf<'manifest'>): Promise<SliceOutcome> {
  switch (work.kind) {
    case 'volume':
      return sealVolume(context, work);
    case 'manifest':
      return sealManifest(context, work);
    default:
      return assertNever(work, 'part of a package');
  }
}
