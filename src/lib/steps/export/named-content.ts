import type { Bytes, NamedContent } from '../../catalog/family.ts';
import { identityOf, memberAt } from '../../plan/places.ts';
import type { SliceContext } from '../slice/context.ts';
import type { Busy, Item } from '../slice/visit.ts';
import { type Source, sourcesOf } from './bytes.ts';

/** One place that leads to bytes of an item, why one doesn't, or until when to wait. */
type Found =
  | { readonly kind: 'source'; readonly source: Source; readonly item: Item }
  | { readonly kind: 'failed'; readonly outcome: 'refused'; readonly reason: string }
  | ({ readonly kind: 'busy' } & Busy);

interface Naming {
  readonly bytes: Bytes;
  readonly named: NamedContent;
  readonly item: Item;
}

const failed = (reason: string): Found => ({ kind: 'failed', outcome: 'refused', reason });

/** All places of an item that lead to bytes; a link that names what is kept in the target is followed to the artifacts behind it. */
export async function* leadingToBytes(context: SliceContext, item: Item): AsyncGenerator<Found> {
  for (const source of sourcesOf(context.family, item)) {
    const { bytes, holder } = source;
    const link = memberAt(holder, bytes.member);
    if (!bytes.named || typeof link !== 'string') yield { kind: 'source', source, item };
    else if (link.startsWith(bytes.named.asset))
      yield* ofAsset(context, { bytes, named: bytes.named, item }, link.slice(bytes.named.asset.length));
    else if (link.startsWith(bytes.named.artifact))
      yield ofArtifact({ bytes, named: bytes.named, item }, link.slice(bytes.named.artifact.length));
    else yield { kind: 'source', source, item };
  }
}

async function* ofAsset(context: SliceContext, naming: Naming, text: string): AsyncGenerator<Found> {
  const id = identityOf('id', { id: text });
  if (id === undefined) return yield failed('Its link names no asset.');
  const { readAsset } = naming.named;
  const asset = await context.deps.upstream.send(context.target, { operation: readAsset, parameters: { id } });
  if (asset.kind === 'busy') return yield asset;
  if (asset.kind === 'refused') return yield failed(`The asset that holds its bytes: ${asset.reason}`);
  if (asset.kind === 'absent') return yield failed('The asset that holds its bytes answered 404.');
  const artifacts = memberAt(asset.value, 'artifacts');
  const all: readonly unknown[] = Array.isArray(artifacts) ? artifacts : [];
  if (all.length === 0) yield failed('The asset that holds its bytes names no artifact.');
  for (const artifact of all) {
    const own = memberAt(artifact, 'id');
    if (typeof own === 'string') yield ofArtifact(naming, own);
    else yield* ofPrefix(context, naming, memberAt(artifact, 'prefix'));
  }
}

function ofArtifact({ bytes, named, item }: Naming, id: string): Found {
  const place = placeOf(id);
  if (!place) return failed('The id of an artifact with its bytes is none.');
  const via = { read: named.content, parameters: { origin: 'origin', container: 'container', path: 'path' } };
  const source = { bytes: contentOf(bytes, via), name: nameOf(bytes, place), told: MEMBER, holder: undefined };
  return { kind: 'source', source, item: { ...item, document: place } };
}

async function* ofPrefix(
  context: SliceContext,
  { bytes, named, item }: Naming,
  prefix: unknown,
): AsyncGenerator<Found> {
  const place = typeof prefix === 'string' ? placeOf(prefix) : undefined;
  if (!place) return yield failed('An artifact with its bytes has neither id nor prefix.');
  let found = 0;
  let cursor: string | undefined;
  do {
    const call = { operation: named.contents, parameters: { ...place } };
    const page = await context.deps.upstream.page(context.target, call, cursor);
    if (page.kind === 'busy') return yield page;
    if (page.kind === 'refused') return yield failed(`The artifacts with its bytes: ${page.reason}`);
    if (page.kind === 'absent') return yield failed('The list of the artifacts with its bytes answered 404.');
    for (const holder of page.value.items) {
      const path = memberAt(holder, 'path');
      const name = nameOf(bytes, { ...place, path: typeof path === 'string' ? path : `${place.path}#${found}` });
      found += 1;
      yield { kind: 'source', source: { bytes: contentOf(bytes), name, told: MEMBER, holder }, item };
    }
    cursor = page.value.next;
  } while (cursor !== undefined);
  if (found === 0) yield failed('No artifact with its bytes lies where its asset says.');
}

interface Place {
  readonly origin: string;
  readonly container: string;
  readonly path: string;
}

/** `{Origin}/{Container}/{Path}`, as the specification writes an artifact's id. */
function placeOf(id: string): Place | undefined {
  const [, origin, container, path] = /^([^/]+)\/([^/]+)\/(.+)$/s.exec(id) ?? [];
  const parts = { origin, container, path };
  const usable = (name: keyof Place) => identityOf(name, parts);
  const [first, second, rest] = [usable('origin'), usable('container'), usable('path')];
  return first !== undefined && second !== undefined && rest !== undefined
    ? { origin: first, container: second, path: rest }
    : undefined;
}

const MEMBER = 'contentUri';

const contentOf = ({ contentType }: Bytes, via?: NonNullable<Bytes['via']>): Bytes => ({
  member: MEMBER,
  contentType,
  ...(via ? { via } : {}),
});

/** Stays the same when other artifacts come or go: what was saved once is found again. */
const nameOf = ({ member }: Bytes, { origin, container, path }: Place): string =>
  `${member}/${origin}/${container}/${path}`;
