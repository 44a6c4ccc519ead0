import type { Actor } from '../domain/actor.ts';
import { type Hold, placeOf } from '../domain/hold.ts';
import { requestIdSchema } from '../domain/ids.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * The holds that a caller may read who reads its own client's requests only: those on such requests, and those that it set itself. The reasons of
 * others are theirs. @param deps with the records that the caller reaches.
 */
export async function ownHolds(
  { records }: Pick<Dependencies, 'records'>,
  holds: readonly Hold[],
  actor: Actor,
): Promise<Hold[]> {
  const isOwn = async (hold: Hold): Promise<boolean> => {
    if (actor.named && hold.actor === actor.name) return true;
    const place = placeOf(hold.id);
    const requestId = place?.scope === 'request' ? requestIdSchema.safeParse(place.key).data : undefined;
    return requestId !== undefined && (await records.read(requestId)) !== undefined;
  };
  const own = await Promise.all(holds.map(isOwn));
  return holds.filter((_, index) => own[index]);
}
