import type { FoundLine, ProofLevel } from '../../domain/ledger.ts';
import type { Place } from '../../domain/slice.ts';
import type { ReadBack } from '../../plan/finals.ts';
import { descend, identityOf, keyOf, listsOf, placesBelow } from '../../plan/places.ts';
import { whyAbsent } from '../slice/absent-list.ts';
import { type SliceContext, servedIn } from '../slice/context.ts';
import { controlAt } from '../slice/control.ts';
import type { LookedAt } from '../slice/looked-at.ts';
import { readPage } from '../slice/read-page.ts';

/**
 * Reads every list in which the items could stand, from the start, and sees which of them are still there. A list that answers 404 is
 * none that was read, unless its parent is proved gone. Of the lists nothing is kept but the keys that were asked about.
 */
export async function readBackLists(context: SliceContext, items: readonly FoundLine[]): Promise<LookedAt> {
  const { proof } = context.family;
  if (proof?.by !== 'lists') throw new Error(`${context.family.family} isn't proved by its lists.`);
  const seen = new Map<string, ReadBack>();
  for (const [, group] of Map.groupBy(items, (item) => item.key.slice(0, item.key.lastIndexOf('/')))) {
    const [first] = group;
    if (!first) continue;
    const control = await controlAt(context, proof.control, first.parameters);
    if (control.kind !== 'proves') return control;
    const level: ProofLevel = control.level === 'parent-gone' ? 'parent-gone' : 'absent-from-list';
    const survivors = await survivorsOf(
      context,
      new Set(group.map((item) => item.key)),
      outerParameters(context, first),
    );
    if (survivors.kind !== 'survivors') return survivors;
    for (const item of group) {
      seen.set(item.key, survivors.keys.has(item.key) ? { gone: false } : { gone: true, proof: level });
    }
  }
  return { kind: 'seen', items: seen };
}

/** The parameters of the levels that all places of the items share: a project, not one of its iterations. */
function outerParameters(context: SliceContext, item: FoundLine): Record<string, string> {
  const outer = context.family.within.filter((level) => !level.self);
  return Object.fromEntries(outer.map((level) => [level.parameter, item.parameters[level.parameter] ?? '']));
}

async function survivorsOf(
  context: SliceContext,
  wanted: ReadonlySet<string>,
  parameters: Record<string, string>,
): Promise<{ kind: 'survivors'; keys: Set<string> } | Exclude<LookedAt, { kind: 'seen' }>> {
  const { family } = context;
  const at = servedIn(context);
  const keys = new Set<string>();
  const places: Place[] = descend(at, family.within.filter((level) => !level.self).length, parameters);
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    const level = family.within[place.step];
    const operation = level?.list ?? listsOf(at)[place.step - family.within.length];
    if (!operation) continue;
    const verdict = await readPage(context, operation, place);
    if (verdict.kind === 'busy') return verdict;
    if (verdict.kind === 'refused') return { kind: 'unprovable', reason: verdict.reason };
    if (verdict.kind === 'absent') {
      const why = await whyAbsent(context, operation, place);
      if (why.kind === 'gone') continue;
      return why.kind === 'busy' ? why : { kind: 'unprovable', reason: why.reason };
    }
    const ids = verdict.value.items.flatMap((element) => identityOf((level ?? family).identity, element) ?? []);
    if (ids.length < verdict.value.items.length) {
      return { kind: 'unprovable', reason: `${operation.operation} listed something without an identity.` };
    }
    if (verdict.value.next !== undefined) places.push({ ...place, cursor: verdict.value.next });
    if (level) places.push(...placesBelow(at, place, ids));
    else for (const key of ids.map((id) => keyOf(family, parameters, id))) if (wanted.has(key)) keys.add(key);
  }
  return { kind: 'survivors', keys };
}
