import { expect } from 'vitest';
import type { FinalOutcome, ItemLine } from '../../src/lib/domain/ledger.ts';
import type { TaskLedger } from '../../test/end-to-end/support/account.ts';
import type { EndState } from '../fault.ts';
import type { Scene } from '../scenes/scene.ts';

/** What a request claims at its end. */
export interface Claims {
  readonly state: string;
  /** Final lines by key. */
  readonly lines: ReadonlyMap<string, ItemLine>;
  readonly totals: { readonly refused: number; readonly gaps: number };
}

/** The part of a scene that claims are held against. */
type Held = Pick<Scene, 'expected' | 'order' | 'left'>;

/** The final lines of all plans that were carried out, by key. An item of several plans has the outcome that says most. */
export function finalLines(ledgers: readonly TaskLedger[]): Map<string, ItemLine> {
  const lines = new Map<string, ItemLine>();
  const byRevision = ledgers.toSorted((a, b) => a.revision - b.revision);
  for (const line of byRevision.flatMap(({ items }) => items)) {
    const earlier = lines.get(line.key);
    // What was erased under one plan isn't found under the next.
    if (earlier?.outcome !== 'erased') lines.set(line.key, line);
  }
  return lines;
}

/** Holds the account against the world: state and outcomes are as the fault allows, and nothing is claimed that isn't so. */
export function expectAccount({ state, lines, totals }: Claims, scene: Held, end: EndState): void {
  expect(end.states, 'states in which a request may end').toContain(state);
  if (end.outcomes === 'same') expectSame(lines, scene);
  expectTrue(lines, scene, end);
  const { refused, gaps } = totals;
  if (state === 'completed')
    expect({ refused, gaps }, 'what a completed request left').toEqual({ refused: 0, gaps: 0 });
}

function expectSame(lines: ReadonlyMap<string, ItemLine>, { expected }: Held): void {
  const outcomes = (all: Iterable<readonly [string, FinalOutcome]>) => Object.fromEntries([...all].sort());
  const found = [...lines].map(([key, { outcome }]) => [key, outcome] as const);
  expect(outcomes(found), 'outcome of each item').toEqual(outcomes(expected));
}

/** What each outcome says of the world: `undefined` where it says nothing. */
const SAYS_LEFT: Readonly<Record<FinalOutcome, boolean | undefined>> = {
  saved: undefined,
  erased: false,
  absent: false,
  kept: true,
  refused: true,
};

function expectTrue(lines: ReadonlyMap<string, ItemLine>, scene: Held, { unseen, shared }: EndState): void {
  const left = scene.left();
  const untrue: string[] = [];
  for (const [key, { outcome, reason }] of lines) {
    const says = SAYS_LEFT[outcome];
    if (says === undefined || says === left.has(key)) continue;
    // Exported models go with the account only, whatever becomes of what they were made from.
    if (outcome === 'kept' && key.startsWith('cv-exported-models/')) continue;
    // Of an export, what couldn't be read may go by itself; of a delete, what couldn't be looked at may be gone.
    if (outcome === 'refused' && unseen) continue;
    untrue.push(`${key} is called ${outcome} (${reason ?? ''}) and is ${left.has(key) ? 'there' : 'gone'}`);
  }
  expect(untrue, 'claims that are not true').toEqual([]);
  // What others have removed before it was found has no line.
  if (scene.order.action === 'delete' && !shared) expectAccountedFor(lines, scene, left);
}

/** Whatever was there and is gone stands in the account. */
function expectAccountedFor(lines: ReadonlyMap<string, ItemLine>, { expected }: Held, left: ReadonlySet<string>): void {
  const unaccounted = [...expected.keys()].filter((key) => !left.has(key) && !lines.has(key));
  expect(unaccounted, 'items that are gone without a line').toEqual([]);
}
