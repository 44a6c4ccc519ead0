import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { randomFrom } from '../../local/simulator/seeded.ts';
import { expectIdentities, expectJournal, readLedgers, readReceipt } from '../../test/end-to-end/support/account.ts';
import type { Action } from '../actions.ts';
import type { EndState, Fault, PutOn } from '../fault.ts';
import { beginRound, calm, type FaultLane } from '../lane/fault-lane.ts';
import type { Scene } from '../scenes/scene.ts';
import type { Scenery } from '../scenes/scenes.ts';
import { expectAccount, finalLines } from './account.ts';
import { carryToEnd, submit } from './carry.ts';
import { expectFiles } from './files.ts';
import { expectNothingLeft } from './left.ts';

/** One round as it was drawn: follows from seed and number alone. */
export interface Drawn {
  readonly seed: string;
  readonly number: number;
  readonly fault: Fault;
  readonly action: Action;
}

/** What came of a round. `missed`: the fault never struck, so that the round shows nothing. */
export interface Outcome {
  readonly drawn: Drawn;
  readonly kind: 'held' | 'missed' | 'defect';
  readonly seconds: number;
  readonly struck: number;
  readonly requestId: string | undefined;
  /** How the request ended. */
  readonly state: string | undefined;
  readonly defect?: string;
}

/** A round that takes longer has a request that never ends. */
const LIMIT_SECONDS = 240;

/** Runs a round on a lane that nobody else is on. A defect is an outcome, never thrown. */
export async function playRound(
  { lane, scenery, stop }: { lane: FaultLane; scenery: Scenery; stop: AbortSignal | undefined },
  drawn: Drawn,
): Promise<Outcome> {
  const began = Date.now();
  const seen: { requestId?: string; state?: string; put?: PutOn } = {};
  const outcome = (kind: Outcome['kind'], defect?: string): Outcome => ({
    ...{ drawn, kind, seconds: (Date.now() - began) / 1000, struck: seen.put?.struck() ?? 0 },
    ...{ requestId: seen.requestId, state: seen.state },
    ...(defect === undefined ? {} : { defect }),
  });
  const limit = new AbortController();
  try {
    stop?.addEventListener('abort', () => limit.abort(), { once: true });
    const late = pause(LIMIT_SECONDS * 1000, undefined, { signal: limit.signal }).then(() => {
      throw new Error(`The round did not end within ${LIMIT_SECONDS} seconds.`);
    });
    await Promise.race([play({ lane, scenery, drawn, signal: limit.signal }, seen), late]);
    return outcome(seen.put && seen.put.struck() > 0 ? 'held' : 'missed');
  } catch (error) {
    return outcome('defect', error instanceof Error ? error.message : String(error));
  } finally {
    limit.abort();
    calm(lane);
  }
}

interface Played {
  readonly lane: FaultLane;
  readonly scenery: Scenery;
  readonly drawn: Drawn;
  readonly signal: AbortSignal;
}

async function play(
  { lane, scenery, drawn, signal }: Played,
  seen: { requestId?: string; state?: string; put?: PutOn },
): Promise<void> {
  const { fault, action, seed, number } = drawn;
  const random = randomFrom(`${seed}/round ${number}`);
  beginRound(lane);
  const scene = scenery.build(action, fault, random);
  const before = structuredClone(scene.rest(fault.end.shared));
  const put = await fault.put({ lane, scene, random });
  seen.put = put;
  seen.requestId = await submit(lane.stage, scene);
  seen.state = (await carryToEnd(lane.stage, seen.requestId, signal)).state;
  await put.afterwards?.(seen.requestId);
  calm(lane);
  await lane.host.ready();
  await expectEnd({ lane, scene, end: fault.end }, seen.requestId);
  expect(scene.rest(fault.end.shared), 'what nobody asked about').toEqual(before);
  await put.atLast?.(seen.requestId);
}

async function expectEnd({ lane, scene, end }: { lane: FaultLane; scene: Scene; end: EndState }, id: string) {
  const { stage } = lane;
  const view = await stage.portal.view(id);
  const ledgers = await readLedgers(stage, id);
  const receipt = await readReceipt(stage, id);
  await expectJournal(stage, id);
  const last = receipt.revisions.at(-1);
  // Of a plan that was only looked at, items have no final lines.
  if (last?.carriedOut) expectIdentities(ledgers.filter(({ revision }) => revision === last.revision));
  expectAccount({ state: view.state, lines: finalLines(ledgers), totals: receipt.totals }, scene, end);
  await expectFiles(stage, id, scene);
  await expectNothingLeft(lane, id, end);
}
