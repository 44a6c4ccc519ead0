import { expect, test, vi } from 'vitest';
import { toldRecords } from '../../../src/lib/app/telemetry/told-records.ts';
import { addSeconds } from '../../../src/lib/domain/clock.ts';
import { addCounts, NO_COUNTS } from '../../../src/lib/domain/ledger.ts';
import { tellOpenWork } from '../../../src/lib/steps/runs/open-work.ts';
import { listen, type Point } from '../app/telemetry/support/listening.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { Driver } from './support/driver.ts';
import { ledgersOf } from './support/ledgers.ts';
import { openStage } from './support/stage.ts';

const azurite = useAzurite();
vi.setConfig({ testTimeout: 60_000 });

const summed = (points: readonly Point[], name: string, outcome?: string): number =>
  points
    .filter((point) => point.name === name && (outcome === undefined || point.attributes['dsr.outcome'] === outcome))
    .reduce((sum, { value }) => sum + Number(value), 0);

test('A request is told as a trace of its tasks, with the sums of its ledger, and nothing of anybody is told with it', async () => {
  const { telemetry, spans, points, everything } = listen();
  const world = { resources: [{ projects: [{ name: 'Anna Planted', taggedImages: 3, untaggedImages: 1 }] }] };
  await using stage = await openStage(azurite.storage, { world, telemetry });
  stage.simulator.faults.add({
    match: { operation: 'GetIterationPerformance' },
    fault: {
      kind: 'answerWith',
      status: 400,
      json: { code: 'BadRequest', message: 'Not for anna.planted@example.org' },
    },
    times: 1,
  });
  const driver = new Driver(stage, { ...stage.deps, records: toldRecords(stage.deps.records, telemetry) });
  const subject = { reference: 'planted-reference', email: 'anna.planted@example.org' };
  const requestId = await driver.submit({ action: 'export', subject });

  stage.clock.turn(3600);
  const until = addSeconds(stage.clock.now(), 600);
  await tellOpenWork(stage.deps, until);
  const waiting = await points();
  expect(summed(waiting, 'dsr.requests.open')).toBe(1);
  expect(summed(waiting, 'dsr.requests.oldest.age')).toBeGreaterThanOrEqual(3600);

  const { state } = await driver.toTheEnd(requestId);
  const ledgers = await ledgersOf(stage, requestId);
  const counts = ledgers.reduce((sum, ledger) => addCounts(sum, ledger.counts), NO_COUNTS);
  const told = await points();
  for (const outcome of ['found', 'saved', 'refused', 'absent', 'kept'] as const) {
    expect(summed(told, 'dsr.items', outcome), outcome).toBe(counts[outcome]);
  }
  expect(counts.saved).toBeGreaterThan(4);
  expect(summed(told, 'dsr.content.bytes')).toBe(counts.bytes);
  expect(summed(told, 'dsr.upstream.bytes')).toBeGreaterThan(counts.bytes);
  expect(summed(told, 'dsr.upstream.calls')).toBe(spans().filter(({ name }) => name === 'upstream.call').length);

  const request = spans().find(({ name }) => name === 'dsr.request');
  expect(request?.attributes).toMatchObject({ 'dsr.request.id': requestId, 'dsr.outcome': state });
  const tasks = spans().filter(({ name }) => name === 'dsr.task');
  const exported = tasks.filter(({ attributes }) => attributes['dsr.phase'] === 'export');
  expect(exported.map(({ attributes }) => attributes['dsr.family']).sort()).toEqual(
    ledgers.map(({ family }) => family).sort(),
  );
  for (const { parentSpanContext } of tasks) expect(parentSpanContext?.spanId).toBe(request?.spanContext().spanId);

  expect(await everything()).not.toMatch(/planted/i);
  await tellOpenWork(stage.deps, addSeconds(stage.clock.now(), 600));
  expect(summed(await points(), 'dsr.requests.open')).toBe(0);
});
