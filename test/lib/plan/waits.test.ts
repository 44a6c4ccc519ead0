import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Hold } from '../../../src/lib/domain/hold.ts';
import { isEnded, STATES } from '../../../src/lib/domain/lifecycle.ts';
import { type Situation, situationOf, WAITS, waitsFor } from '../../../src/lib/plan/waits.ts';
import { newRecord } from '../store/support/records.ts';

const hold = (reviewBy: string): Hold => ({
  id: `target.vision.${'0'.repeat(16)}`,
  reason: 'a court asked for it',
  actor: 'officer',
  at: '2026-01-01T00:00:00.000Z',
  reviewBy,
  allowExports: false,
});

const held = { since: '2026-01-05T10:00:00.000Z', by: [hold('2026-01-09T00:00:00.000Z').id] };
const waitingFor = { target: 'vision', request: newRecord().requestId, since: held.since };
const DEADLINES = { deadline: '`deadline`', decisionDeadline: '`decisionDeadline`', reviewBy: '`reviewBy`', none: '–' };

describe('Whom a request waits for', () => {
  it('is somebody with a deadline in every state that has not ended, and nobody after the end', () => {
    for (const state of STATES) {
      const decisionDeadline = '2026-01-15T00:00:00.000Z';
      const waits = waitsFor(newRecord({ state, decisionDeadline }), []);
      expect(waits === undefined, state).toBe(isEnded(state));
      if (waits)
        expect(waits, state).toMatchObject({ deadline: expect.any(String), owner: expect.stringMatching(/^a/) });
    }
  });

  it('is whoever set the hold, until the first review, whatever else it waits for', () => {
    const later = hold('2026-02-09T00:00:00.000Z');
    const first = hold('2026-01-09T00:00:00.000Z');
    for (const state of STATES.filter((one) => !isEnded(one))) {
      const record = newRecord({ state, held, waitingFor });
      expect(situationOf(record)).toBe('held');
      expect(waitsFor(record, [later, first])).toMatchObject({ owner: 'operator', deadline: first.reviewBy });
    }
  });

  it('is the request before it on its target while its own run rests', () => {
    const resting = newRecord({ state: 'running', waitingFor, run: { n: 1, ended: true } });
    expect(waitsFor(resting, [])).toMatchObject({ owner: 'another request', deadline: resting.deadline });
    expect(situationOf({ ...resting, run: { n: 2, ended: false } })).toBe('running');
  });

  it('is what docs/LIFECYCLE.md says', async () => {
    const document = await readFile(join(import.meta.dirname, '../../../docs/LIFECYCLE.md'), 'utf8');
    const all: [string, (typeof WAITS)[Situation]][] = Object.entries(WAITS);
    const open = all.filter(([, wait]) => wait.owner !== 'nobody');
    const rows = open.map(([name, { owner, deadline, afterwards }]) => {
      const title = STATES.some((state) => state === name) ? `\`${name}\`` : name;
      return `| ${title} | ${owner} | ${DEADLINES[deadline]} | ${afterwards} |`;
    });
    expect(document).toContain(rows.join('\n'));
  });
});
