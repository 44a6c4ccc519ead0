import { assertNever } from '../../domain/never.ts';
import type { WorkOf } from '../../domain/slice.ts';
import type { SealContext, SliceOutcome } from '../slice/context.ts';

/**
 * Makes one part of a package: a volume, then the next, then the manifest over all. Safe to repeat: parts are written once. What makes them is
 * loaded here, at a request's end, and not by each process that starts.
 */
export async function seal(context: SealContext, work: WorkOf<'volume'> | WorkOf<'manifest'>): Promise<SliceOutcome> {
  switch (work.kind) {
    case 'volume': {
      const { sealVolume } = await import('../package/seal-volume.ts');
      return sealVolume(context, work);
    }
    case 'manifest': {
      const { sealManifest } = await import('../package/seal-manifest.ts');
      return sealManifest(context, work);
    }
    default:
      return assertNever(work, 'part of a package');
  }
}
