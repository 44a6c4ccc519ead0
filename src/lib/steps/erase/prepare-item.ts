import { z } from 'zod';
import { familyNamed } from '../../catalog/catalog.ts';
import type { EraseByCall } from '../../catalog/family.ts';
import { isIn } from '../../catalog/operation.ts';
import type { FoundLine } from '../../domain/ledger.ts';
import type { Task } from '../../domain/plan.ts';
import { versionOf } from '../../domain/target.ts';
import { identityOf } from '../../plan/places.ts';
import type { SliceContext } from '../slice/context.ts';
import { listedWithin } from '../slice/within.ts';

/** As much of an item as a call about it needs. */
type Addressed = Pick<FoundLine, 'parameters'>;
type InTheWay = { kind: 'busy'; until: Date; reason: string } | { kind: 'refused'; reason: string };

/** For example: an iteration that is published is unpublished first, since its deletion would be refused. */
export async function prepare(context: SliceContext, way: EraseByCall, item: Addressed): Promise<InTheWay | undefined> {
  const { first } = way;
  if (!first || !isIn(first.call, versionOf(context.target))) return undefined;
  const due = await isDue(context, first, item);
  if (due !== 'due') return due === 'not-due' ? undefined : due;
  const verdict = await context.deps.upstream.send(context.target, {
    operation: first.call,
    parameters: item.parameters,
  });
  if (verdict.kind === 'busy') return verdict;
  if (verdict.kind !== 'refused') return undefined;
  // Perhaps refused because it was done: by an earlier try whose answer was lost.
  const still = await isDue(context, first, item);
  return still === 'due' ? verdict : still === 'not-due' ? undefined : still;
}

/** What was done first was answered as done, and has not come into effect yet. */
export async function isStillInTheWay(
  context: SliceContext,
  { first }: EraseByCall,
  { item, along }: { item: Addressed; along: readonly Task[] },
): Promise<boolean> {
  const own = first !== undefined && isIn(first.call, versionOf(context.target)) ? first : undefined;
  if (own && (await isDue(context, own, item)) === 'due') return true;
  for await (const due of dueWithin(context, item, along)) return due.kind === 'due';
  return false;
}

const documentOf = z.record(z.string(), z.unknown());

async function isDue(
  context: SliceContext,
  first: NonNullable<EraseByCall['first']>,
  item: Addressed,
): Promise<'due' | 'not-due' | InTheWay> {
  const read = await context.deps.upstream.send(context.target, { operation: first.read, parameters: item.parameters });
  if (read.kind === 'busy' || read.kind === 'refused') return read;
  return read.kind === 'ok' && filled(read.value, first.whenFilled) ? 'due' : 'not-due';
}

const filled = (document: unknown, member: string): boolean => {
  const parsed = documentOf.safeParse(document);
  const value = parsed.success ? parsed.data[member] : undefined;
  return typeof value === 'string' && value !== '';
};

type Due = { readonly kind: 'due'; readonly way: EraseByCall; readonly item: Addressed } | InTheWay;

/** What goes along with an item and has something to be done first, as its lists say. */
async function* dueWithin(context: SliceContext, item: Addressed, along: readonly Task[]): AsyncGenerator<Due> {
  for (const family of along.map((task) => familyNamed(task.family))) {
    const { erase, identity, parameter } = family;
    if (erase.by !== 'call' || !erase.first || !isIn(erase.first.call, versionOf(context.target))) continue;
    const { whenFilled } = erase.first;
    for await (const page of listedWithin(context, family, item.parameters)) {
      if (page.kind !== 'items') return yield page;
      for (const document of page.items.filter((element) => filled(element, whenFilled))) {
        const parameters = { ...page.parameters, [parameter]: identityOf(identity, document) ?? '' };
        yield { kind: 'due', way: erase, item: { parameters } };
      }
    }
  }
}

/** The same for what goes along with an item: a project with a published iteration would be refused too. */
export async function prepareWithin(
  context: SliceContext,
  item: Addressed,
  along: readonly Task[],
): Promise<InTheWay | undefined> {
  for await (const due of dueWithin(context, item, along)) {
    const inTheWay = due.kind === 'due' ? await prepare(context, due.way, due.item) : due;
    if (inTheWay) return inTheWay;
  }
  return undefined;
}
