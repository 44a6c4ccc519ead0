import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually, KEYS, readSeen, startTestHost, temporaryFolder } from './support.ts';

const open = new AsyncDisposableStack();
let url: string;
let seenFile: string;

beforeAll(async () => {
  const folder = open.use(await temporaryFolder());
  seenFile = join(folder.path, 'seen');
  url = open.use(await startTestHost('durable/main.ts', folder.path, { workers: 2 })).url;
});
afterAll(() => open.disposeAsync());

const post = (path: string, body: unknown) =>
  fetch(`${url}/api/${path}`, { method: 'POST', body: JSON.stringify(body) });
const statusSchema = z.looseObject({ runtimeStatus: z.string(), output: z.unknown(), customStatus: z.unknown() });
/** Undefined where the worker that was asked has just died. */
const status = async (instance: string) => {
  const answer = await fetch(`${url}/api/status/${instance}`);
  return answer.ok ? statusSchema.parse(await answer.json()) : undefined;
};
const ended = (instance: string) =>
  eventually(async () => {
    const found = await status(instance);
    return found?.runtimeStatus === 'Completed' && found;
  });

describe('a durable app on the host', () => {
  it('starts an orchestration over HTTP, follows its links to the end, and has its output', async () => {
    const answer = await post('start/steps/plain', { instance: 'plain' });
    expect(answer.status).toBe(202);
    const { statusQueryGetUri } = z.looseObject({ statusQueryGetUri: z.string() }).parse(await answer.json());
    expect(statusQueryGetUri.startsWith(`${url}/runtime/webhooks/durabletask/instances/plain?`)).toBe(true);
    const last = await eventually(async () => {
      const polled = await fetch(statusQueryGetUri);
      return polled.status === 200 && polled;
    });
    expect(await last.json()).toMatchObject({ runtimeStatus: 'Completed', output: [10, 20, 30] });
    expect(readSeen(seenFile, 'step').map(({ step }) => step)).toEqual([1, 2, 3]);
  });

  it('hands an event to the one who waits', async () => {
    await post('start/approval/decided', {});
    await eventually(async () => (await status('decided'))?.customStatus === 'waiting');
    expect((await post('decide/decided', { yes: true })).status).toBe(202);
    expect((await ended('decided')).output).toEqual({ said: { yes: true } });
  });

  it.each([1, 2, 3])('goes on when a worker dies in step %i, which then runs again', async (dieInStep) => {
    const instance = `dies-${dieInStep}`;
    await post(`start/steps/${instance}`, { instance, dieInStep });
    expect((await ended(instance)).output).toEqual([10, 20, 30]);
    const steps = readSeen(seenFile, 'step').filter((entry) => entry.instance === instance);
    expect(steps.map(({ step }) => step)).toEqual(
      [1, 2, 3].flatMap((step) => (step === dieInStep ? [step, step] : [step])),
    );
  });

  it('opens its HTTP interface to the system key and the master key only', async () => {
    const instances = `${url}/runtime/webhooks/durabletask/instances`;
    expect((await fetch(instances)).status).toBe(401);
    expect((await fetch(`${instances}?code=${KEYS.functionKeys.portal}`)).status).toBe(401);
    expect((await fetch(`${instances}?code=${KEYS.system}`)).status).toBe(200);
    expect((await fetch(instances, { headers: { 'x-functions-key': KEYS.master } })).status).toBe(200);
  });
});
