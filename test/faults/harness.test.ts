import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { drawRounds } from '../../faults/draw.ts';
import { playRounds } from '../../faults/play.ts';
import type { Outcome } from '../../faults/round/round.ts';
import { FAULTS } from '../../faults/table/table.ts';

// About a minute alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 900_000 });

/** One of each group; all of them is what `npm run faults` is for. */
const SHORT = ['kill-worker', 'kill-host', 'messages-reordered', 'items-vanish', 'server-busy', 'hostile-names-export'];

const summary = ({ drawn, kind, defect }: Outcome) => ({ fault: drawn.fault.name, kind, defect });

test('requests end as they must though things break while they run: the short part, with a fixed seed', async () => {
  const evidence = await mkdtemp(join(tmpdir(), 'faults-evidence-'));
  const faults = FAULTS.filter(({ name }) => SHORT.includes(name));
  const rounds = drawRounds({ seed: 'short 306', faults, from: 1, rounds: faults.length });
  const outcomes = await playRounds(rounds, { lanes: 2, evidence, told: () => undefined });
  const defects = outcomes.filter(({ kind }) => kind === 'defect').map(summary);
  expect(defects, `evidence in ${evidence}`).toEqual([]);
  expect(outcomes.map(summary).map(({ fault, kind }) => ({ fault, kind }))).toEqual(
    rounds.map(({ fault }) => ({ fault: fault.name, kind: 'held' })),
  );
  await rm(evidence, { recursive: true, force: true });
});
