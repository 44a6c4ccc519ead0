import type { Bytes, Family } from '../../catalog/family.ts';
import { isInferred } from '../../catalog/operation.ts';
import type { RequestId, TaskId } from '../../domain/ids.ts';
import type { Content } from '../../domain/ledger.ts';
import { identityOf, memberAt } from '../../plan/places.ts';
import type { Verdict } from '../../plan/verdict.ts';
import { DownloadBroken } from '../../upstream/download.ts';
import { afterPause, type SliceContext } from '../slice/context.ts';
import type { Busy, Item } from '../slice/visit.ts';

type BytesSaved =
  | { readonly kind: 'ok'; readonly value: Content }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'failed';
      readonly outcome: 'refused';
      readonly reason: string;
      /** What was answered instead of a link, where nothing but inference says what the answer is. */
      readonly instead?: { readonly value: unknown };
    }
  | ({ readonly kind: 'busy' } & Busy);

/** Where an item leads to bytes. `name`: the way from its document to the link, by which they are kept; `holder`: what has the link. */
export interface Source {
  readonly bytes: Bytes;
  readonly name: string;
  /** Stands for the name in reasons, which outlive the data, where the name itself holds what people wrote. */
  readonly told?: string;
  readonly holder: unknown;
}

/** The item's document was there just now: bytes that are not are missing, and never make the item one that is gone. */
const NO_BYTES: BytesSaved & { kind: 'failed' } = {
  kind: 'failed',
  outcome: 'refused',
  reason: 'Its bytes answered 404, though its document is there.',
};

/** All places of an item that lead to bytes, in their order. */
export const sourcesOf = (family: Family, { document }: Pick<Item, 'document'>): readonly Source[] =>
  (family.bytes ?? []).flatMap((bytes) => {
    const { each, member } = bytes;
    if (each === undefined) return [{ bytes, name: member, holder: document }];
    const elements = memberAt(document, each) ?? [];
    // Another shape than a list has no link where one belongs: that is said, like every link that is missing.
    const holders: readonly unknown[] = Array.isArray(elements) ? elements : [elements];
    return holders.map((holder, index) => ({ bytes, name: `${each}.${index}.${member}`, holder }));
  });

/** The bytes behind a link of the item, saved beside it. */
export async function saveBytes(context: SliceContext, source: Source, item: Item): Promise<BytesSaved> {
  const { bytes, name, holder } = source;
  if (bytes.when && memberAt(holder, bytes.when.member) !== bytes.when.is) return { kind: 'none' };
  // What an earlier task saved is saved; not so by a position in a list, where something else may stand by now.
  const before = bytes.each === undefined ? context.task.contents : undefined;
  const taskId = before ?? context.ref.taskId;
  const place = { requestId: context.ref.requestId, taskId, key: `${item.key}#${name}` };
  // Only an earlier attempt can have left bytes behind; asking storage is cheaper than asking upstream.
  const again = before !== undefined || context.facts.attempts > 1 || context.facts.waitingSince !== undefined;
  const earlier = again ? await context.deps.contents.find(place) : undefined;
  if (earlier) return { kind: 'ok', value: earlier };
  const link = await linkTo(context, source, item);
  return link.kind === 'link' ? download(context, place, { link: link.link, contentType: bytes.contentType }) : link;
}

/** The link to the bytes: in the item's document, or told by a call of its own just before. */
async function linkTo(
  context: SliceContext,
  { bytes, name, told = name, holder }: Source,
  item: Item,
): Promise<{ kind: 'link'; link: string } | Exclude<BytesSaved, { kind: 'ok' | 'none' }>> {
  const asked = bytes.via ? await askForLink(context, bytes.via, item) : { kind: 'ok' as const, value: holder };
  switch (asked.kind) {
    case 'busy':
      return asked;
    case 'absent':
      return NO_BYTES;
    case 'refused':
      return { kind: 'failed', outcome: 'refused', reason: asked.reason };
    case 'ok':
      break;
  }
  const link = memberAt(asked.value, bytes.member);
  const isGuessed = bytes.via !== undefined && isInferred(bytes.via.read);
  const isLink = typeof link === 'string' && (isGuessed ? URL.canParse(link) : link !== '');
  if (isLink) return { kind: 'link', link };
  const instead = isGuessed ? { instead: { value: asked.value } } : {};
  const reason = `The answer has no "${told}" that leads to its bytes.`;
  return { kind: 'failed', outcome: 'refused', reason, ...instead };
}

function askForLink(context: SliceContext, via: NonNullable<Bytes['via']>, item: Item): Promise<Verdict<unknown>> {
  const members = Object.entries(via.parameters).map(([name, path]) => [name, identityOf(path, item.document) ?? '']);
  const parameters = { ...item.parameters, ...Object.fromEntries(members) };
  const missing = members.find(([, value]) => value === '');
  if (missing)
    return Promise.resolve({
      kind: 'refused',
      status: 0,
      code: 'NoAddress',
      reason: `The item has no usable ${missing[0]}.`,
    });
  return context.deps.upstream.send(context.target, { operation: via.read, parameters });
}

async function download(
  context: SliceContext,
  place: { requestId: RequestId; taskId: TaskId; key: string },
  wanted: { link: string; contentType: string },
): Promise<BytesSaved> {
  const verdict = await context.deps.upstream.download(context.target, wanted.link);
  switch (verdict.kind) {
    case 'busy':
      return verdict;
    case 'absent':
      return NO_BYTES;
    case 'refused':
      return { kind: 'failed', outcome: 'refused', reason: verdict.reason };
    case 'ok':
      break;
  }
  try {
    const contentType = verdict.value.contentType ?? wanted.contentType;
    return { kind: 'ok', value: await context.deps.contents.save(place, verdict.value.body, contentType) };
  } catch (error) {
    if (error instanceof DownloadBroken) return { kind: 'busy', until: afterPause(context), reason: error.message };
    throw error;
  }
}
