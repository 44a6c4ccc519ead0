import { expect, test, vi } from 'vitest';
import { BRANCHES, operationsOf } from '../../../src/lib/catalog/catalog.ts';
import type { Family } from '../../../src/lib/catalog/family.ts';
import { isInferred, type Operation, pathOf, verbOf } from '../../../src/lib/catalog/operation.ts';
import type { DocumentLine, ResultLine } from '../../../src/lib/domain/ledger.ts';
import { newRecord } from '../store/support/records.ts';
import { useStage } from './support/use-stage.ts';
import { walkAll } from './support/walking.ts';

// Some seconds alone on a machine.
vi.setConfig({ testTimeout: 120_000 });

const sizes = { runs: 1, metricsPerRun: 1, artifactsPerRun: 1, assets: 1, experiments: 1, people: [0] };
const at = useStage({
  managed: { kind: 'experimentation', account: 'shapes' },
  world: { experimentation: [{ name: 'shapes', workspaces: [{ name: 'a', projects: [{ name: 'p', ...sizes }] }] }] },
});

type Place = 'list' | 'read' | 'part' | 'link';

/** Where a family asks for a document or a link of which nothing but inference says what it looks like. */
function guessesOf({ list, read, readEach, parts = [], bytes = [] }: Family): [Place, Operation][] {
  const all: [Place, Operation][] = [
    ...list.map((operation): [Place, Operation] => ['list', operation]),
    ...(read && readEach !== undefined ? [['read', read] satisfies [Place, Operation]] : []),
    ...parts.map((part): [Place, Operation] => ['part', part.read]),
    ...bytes.flatMap(({ via }): [Place, Operation][] => (via ? [['link', via.read]] : [])),
  ];
  return all.filter(([, operation]) => isInferred(operation));
}

const families = BRANCHES.flatMap((branch) => branch.families);
const guesses = families.flatMap((family) =>
  guessesOf(family).map(([place, operation]) => ({ family, place, operation })),
);

const SHAPES: Readonly<Record<string, unknown>> = {
  'other member names': { things: [{ label: 'x', note: 'kept whole' }], total: 1 },
  'a list of other things': [{ label: 'x', note: 'kept whole' }, 'a text', 7],
  'plain text': 'Nothing here: see the wiki, kept whole.',
  'a bare number': 5,
};

/** The answer to every call of the operation from now on, and to no other's. */
function answer(operation: Operation, fault: { json: unknown } | { text: string }): void {
  const path = pathOf(operation.route)
    .replaceAll(/\{\+\w+\}/g, '.+')
    .replaceAll(/\{\w+\}/g, '[^/]+');
  const match = { method: 'GET', pathPattern: `${path}(?:\\?|$)` };
  const { faults } = at.stage.simulator;
  faults.clear();
  if ('text' in fault) faults.add({ match, fault: { kind: 'answerWithText', ...fault } });
  else faults.add({ match, fault: { kind: 'answerWith', ...fault } });
}

async function exported(family: Family, scope: 'target' | 'subject' = 'target'): Promise<ResultLine[]> {
  // In the project of the first the second has nothing.
  const person = at.stage.simulator.world.learning.people[scope === 'target' ? 0 : 1];
  const { submission } = newRecord();
  const subject = { reference: 'r', objectId: person?.objectId ?? '' };
  const record = newRecord({
    state: 'running',
    run: { n: 1, ended: false },
    submission: { ...submission, scope, subject },
  });
  return (await walkAll(at.stage, { family, purpose: 'export', change: { record } })).lines;
}

const documentsIn = (lines: readonly ResultLine[]): DocumentLine[] => lines.filter((line) => line.line === 'document');
const isFlagged = ({ flags = [] }: DocumentLine): boolean => flags.includes('unexpected-shape');

test('each operation that is asked for a document, and rests on inference alone, is among those that are tried', () => {
  const tried = new Set(guesses.map(({ operation }) => operation.operation));
  const all = families.flatMap((family) =>
    operationsOf(family).filter((operation) => isInferred(operation) && verbOf(operation.route) === 'GET'),
  );
  expect([...tried].sort()).toEqual([...new Set(all.map(({ operation }) => operation))].sort());
  expect(tried.size).toBe(12);
});

const cases = guesses.flatMap((guess) => Object.entries(SHAPES).map(([shape, body]) => ({ ...guess, shape, body })));
const nameOf = ({ family, operation, shape }: (typeof cases)[number]): string =>
  `${family.family}, ${operation.operation}: ${shape}`;

test.each(cases.map((one) => [nameOf(one), one] as const))('%s is kept whole and flagged', async (_, one) => {
  const { family, operation, place, body } = one;
  answer(operation, typeof body === 'string' ? { text: body } : { json: body });
  const lines = await exported(family);
  const flagged = documentsIn(lines)
    .filter(isFlagged)
    .map(({ document }) => document);
  expect(flagged).toEqual(place === 'list' && Array.isArray(body) ? body : [body]);
  const items = lines.filter((line) => line.line === 'item');
  expect(items.length).toBeGreaterThan(0);
  // Where bytes have no link the item isn't whole, and says so.
  const whole = family.bytes === undefined ? 'saved' : 'refused';
  for (const { outcome } of items) expect(outcome).toBe(whole);
  if (place !== 'list') expect(documentsIn(lines).filter((line) => !isFlagged(line)).length).toBeGreaterThan(0);
});

test.each(guesses.map((one) => [`${one.family.family}, ${one.operation.operation}`, one] as const))(
  '%s: an answer without a body is said, and what lists say of the item is kept',
  async (_, { family, operation, place }) => {
    answer(operation, { text: '' });
    const lines = await exported(family);
    const said = lines.filter((line) => line.line === 'gap' || (line.line === 'item' && line.outcome === 'refused'));
    expect(said).not.toEqual([]);
    if (place !== 'list') expect(documentsIn(lines)).not.toEqual([]);
  },
);

test('what an envelope holds beside its list is kept and flagged', async () => {
  const archived = [{ runId: 'old', note: 'kept whole' }];
  const guess = guesses.find(({ place, family }) => place === 'list' && family.family === 'exp-experiments');
  if (!guess) throw new Error('Not in the catalogue.');
  answer(guess.operation, { json: { value: [], archived, count: 0, more: {}, nextLink: null } });
  expect(documentsIn(await exported(guess.family))).toMatchObject([
    { document: { archived }, flags: ['unexpected-shape', 'no-identity'] },
  ]);
});

test('a page of HTML is no answer of the service: it is read again, and a gap in the end', async () => {
  const guess = guesses.find(({ place }) => place === 'list');
  if (!guess) throw new Error('Not in the catalogue.');
  at.stage.simulator.faults.clear();
  at.stage.simulator.faults.add({ match: { pathPattern: '/runs(?:\\?|$)' }, fault: { kind: 'htmlInsteadOfJson' } });
  expect(await exported(guess.family)).toMatchObject([{ line: 'gap' }]);
});

test('of one person’s export what cannot be told to be theirs is refused, and its document withheld', async () => {
  const guess = guesses.find(({ place, family }) => place === 'list' && family.family === 'exp-assets');
  if (!guess) throw new Error('Not in the catalogue.');
  answer(guess.operation, { json: { things: [{ label: 'x' }] } });
  expect(await exported(guess.family, 'subject')).toMatchObject([
    { line: 'item', outcome: 'refused', reason: expect.stringContaining('whose it is could not be told') },
  ]);
});
