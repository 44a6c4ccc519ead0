import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { HostProcess } from './support/host-process.ts';
import { type Lane, runToEnd, startLane } from './support/lane.ts';
import { POINTS } from './support/points.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

const places = [
  { action: 'export', moment: 'after', point: 'PUT record.json: run-claimed 1' },
  { action: 'export', moment: 'before', point: 'PUT package-001.zip' },
  { action: 'delete', moment: 'after', point: 'PUT record.json: approve' },
  { action: 'delete', moment: 'after', point: 'DELETE upstream /projects/*/images' },
  { action: 'delete', moment: 'after', point: 'PUT done/prove-*.ndjson' },
] as const;

let lane: Lane;
let host: HostProcess;
beforeAll(async () => {
  lane = await startLane();
  const { stage } = lane;
  // The host of the stage makes room for one that is a process, on its port and its data.
  await stage.host.stop();
  host = await HostProcess.start({ ...stage.hostOptions, port: stage.host.port, messageLeaseSeconds: 3 });
});
afterAll(async () => {
  await host?.stop();
  await lane?.stage.stop();
});

test.each(places)('$action: the whole host killed $moment $point and started again ends the same', async (place) => {
  const { action, moment, point } = place;
  expect(POINTS[action]).toContain(point);
  lane.trap.arm([{ point, moment }], () => host.killAndRestart());
  await runToEnd(lane, action);
  expect(lane.trap.unsprung).toEqual([]);
});
