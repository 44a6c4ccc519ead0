import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { type Hold, type HoldPlace, holdId, holdSchema, placeOf } from '../domain/hold.ts';
import { parseStored, readJson, readText, writeText } from './blobs.ts';
import { untilSettled } from './contention.ts';
import { installationKey } from './installation-key.ts';
import { listPage } from './listing.ts';
import type { Storage } from './storage.ts';

const listSchema = z.object({ v: z.literal(1), holds: z.array(holdSchema) });

const FOLDER = 'holds/';
const KEY = 'holds-key.json';

/** Legal and other holds, each place in a blob of its own; lifted ones stay in it. */
export interface HoldStore {
  /** All holds that lie on any of the places now. */
  on(places: readonly HoldPlace[]): Promise<Hold[]>;
  /** The same order again gives the hold that is there. */
  add(place: HoldPlace, order: Omit<Hold, 'id' | 'lifted' | 'reminded'>): Promise<Hold>;
  /** The hold as it is lifted now, or was before; undefined for an unknown one. */
  lift(id: string, lifted: NonNullable<Hold['lifted']>): Promise<Hold | undefined>;
  /** Writes down that somebody was reminded of this review. False when that was done before, or the hold is lifted or unknown. */
  remind(id: string, review: string): Promise<boolean>;
  /** Holds that were not lifted, up to `limit` places at a time. */
  list(page: { limit: number; continuation?: string | undefined }): Promise<{ holds: Hold[]; continuation?: string }>;
  /** Keyed digest of a reference. The key is made once for the installation: only who can read its storage can tell whether two agree. */
  subjectKey(reference: string): Promise<string>;
}

/** Holds on blobs under `holds/`. */
export function holdStore(storage: Storage): HoldStore {
  const { container } = storage;
  let key: Promise<string> | undefined;
  return {
    async on(places) {
      const lists = await Promise.all(places.map((place) => readHolds(storage, nameOf(place))));
      return lists.flat().filter(isOn);
    },
    add: (place, order) =>
      changeHolds(storage, place, (holds) => {
        const id = holdId(place, order, holds.filter((hold) => !isOn(hold)).length);
        const known = holds.find((hold) => hold.id === id);
        const hold: Hold = known ?? { id, ...order };
        return { result: hold, holds: known ? holds : [...holds, hold] };
      }),
    async lift(id, lifted) {
      const place = placeOf(id);
      if (!place) return undefined;
      return changeHolds(storage, place, (holds) => {
        const after = holds.map((hold) => (hold.id === id && isOn(hold) ? { ...hold, lifted } : hold));
        return { result: after.find((hold) => hold.id === id), holds: after };
      });
    },
    async remind(id, review) {
      const place = placeOf(id);
      if (!place) return false;
      return changeHolds(storage, place, (holds) => {
        const isNews = (hold: Hold) => hold.id === id && isOn(hold) && (hold.reminded ?? '') < review;
        return {
          result: holds.some(isNews),
          holds: holds.map((hold) => (isNews(hold) ? { ...hold, reminded: review } : hold)),
        };
      });
    },
    async list({ limit, continuation }) {
      const page = await listPage(container, FOLDER, { limit, marker: continuation });
      const lists = await Promise.all(page.blobs.map(({ name }) => readHolds(storage, name)));
      return { holds: lists.flat().filter(isOn), ...(page.marker !== undefined && { continuation: page.marker }) };
    },
    async subjectKey(reference) {
      key ??= installationKey(storage, KEY);
      return createHmac('sha256', await key)
        .update(reference)
        .digest('hex');
    },
  };
}

const isOn = (hold: Hold): boolean => hold.lifted === undefined;
const nameOf = ({ scope, key }: HoldPlace): string => `${FOLDER}${scope}/${key}.json`;

async function readHolds({ container }: Storage, name: string): Promise<Hold[]> {
  return (await readJson(container, name, listSchema))?.holds ?? [];
}

function changeHolds<T>(
  { container }: Storage,
  place: HoldPlace,
  change: (holds: readonly Hold[]) => { result: T; holds: readonly Hold[] },
): Promise<T> {
  const name = nameOf(place);
  const attempt = async (): Promise<{ result: T } | undefined> => {
    const stored = await readText(container, name);
    const before = stored ? parseStored(name, stored.text, listSchema).holds : [];
    const { result, holds } = change(before);
    if (JSON.stringify(holds) === JSON.stringify(before)) return { result };
    const onlyIf = stored ? { etag: stored.etag } : ('absent' as const);
    const written = await writeText(container, name, { text: JSON.stringify({ v: 1, holds }), options: { onlyIf } });
    return written.kind === 'written' ? { result } : undefined;
  };
  return untilSettled(name, attempt).then(({ result }) => result);
}
