import { createServer, type Server } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { clientBinding } from '../../local/host/durable/api/links.ts';
import { queueInvocation } from '../../local/host/queue/invocation.ts';
import { runInvocation } from '../../local/host/worker/invocation.ts';
import { mintRequestId, rootSliceId, SEAL_TASK, sliceIdSchema, taskIdSchema } from '../../src/lib/domain/ids.ts';
import { installationKey } from '../../src/lib/store/installation-key.ts';
import { recordStore } from '../../src/lib/store/records.ts';
import { sliceStore } from '../../src/lib/store/slices.ts';
import { useAzurite } from '../lib/store/support/azurite.ts';
import { newRecord } from '../lib/store/support/records.ts';
import { AUDIENCE, TENANT } from './issuer.ts';
import { registeredFunctions } from './registered.ts';
import { TARGETS } from './support.ts';

const azurite = useAzurite();
const LATER = '2126-01-01T00:00:00.000Z';
const RUN = 3;
const LONGEST_MILLISECONDS = 10_000;

/** What the durable extension was asked. Every instance is alive there. */
const asked: string[] = [];
let durable: Server;
let durableHost: string;
const logged: string[] = [];

/** Requests in which a message could do harm: one at work, one that waits, two that have ended; all with a slice that was left open. */
const KNOWN = {
  running: newRecord({ deadline: LATER, state: 'running', run: { n: RUN, ended: false } }),
  waiting: newRecord({ deadline: LATER, state: 'awaiting-decision', run: { n: RUN, ended: true } }),
  completed: newRecord({ deadline: LATER, state: 'completed', endedAt: LATER, run: { n: RUN, ended: true } }),
  failed: newRecord({ deadline: LATER, state: 'failed', endedAt: LATER, run: { n: RUN, ended: true } }),
};
const taskId = taskIdSchema.parse('1-00');
const sliceId = rootSliceId('walk');

interface QueueFunction {
  readonly functionName: string;
  readonly bindingName: string;
  readonly queue: string;
  readonly durableBinding: string | undefined;
}
let functions: readonly QueueFunction[] = [];

beforeAll(async () => {
  durable = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(request.method === 'GET' ? 202 : 404, { 'content-type': 'application/json' });
    const times = { createdTime: '2026-03-01T12:00:00Z', lastUpdatedTime: '2026-03-01T12:00:00Z' };
    const values = { input: null, output: null, customStatus: null };
    response.end(JSON.stringify({ name: 'run', instanceId: 'x', runtimeStatus: 'Running', ...times, ...values }));
  });
  await new Promise<void>((resolve) => durable.listen(0, '127.0.0.1', resolve));
  durableHost = `localhost:${z.object({ port: z.number() }).parse(durable.address()).port}`;
  // The library asks there, whatever the binding says.
  vi.stubEnv('WEBSITE_HOSTNAME', durableHost);
  vi.stubEnv('AzureWebJobsStorage', azurite.connection);
  vi.stubEnv('TARGETS', JSON.stringify(TARGETS));
  vi.stubEnv('VISION_KEY', 'not-a-secret');
  // Local mode refuses to start on machines that look like Azure's, containers among them; nobody signs in here.
  vi.stubEnv('ENTRA_TENANT_ID', TENANT);
  vi.stubEnv('ENTRA_AUDIENCE', AUDIENCE);
  vi.spyOn(console, 'log').mockImplementation((line: string) => void logged.push(line));
  const records = recordStore(azurite.storage);
  const slices = sliceStore(azurite.storage);
  for (const record of Object.values(KNOWN)) {
    await records.create(record);
    await slices.open(record.requestId, taskId, {
      sliceId,
      work: { kind: 'walk', purpose: 'inventory', frontier: [] },
    });
  }
  // Made by the app when it is first needed.
  await installationKey(azurite.storage, 'holds-key.json');
  functions = (await registeredFunctions()).flatMap(({ name, bindings }) => {
    const all = Object.entries(bindings);
    const trigger = all.find(([, { type }]) => type === 'queueTrigger');
    const durableBinding = all.find(([, { type }]) => type === 'durableClient')?.[0];
    if (!trigger) return [];
    const queue = z.string().parse(trigger[1].queueName);
    return [{ functionName: name, bindingName: trigger[0], queue, durableBinding }];
  });
});
afterAll(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  durable.closeAllConnections();
  await new Promise((resolve) => durable.close(resolve));
});

/** A message as the host hands it over. Fails when the function doesn't end. */
async function deliver(to: QueueFunction, text: string): Promise<string> {
  const given = queueInvocation(to, text);
  const client = { json: clientBinding(`http://${durableHost}`, { taskHubName: 'Hub', systemKey: 'key' }) };
  const inputData = [...given.inputData, ...(to.durableBinding ? [{ name: to.durableBinding, data: client }] : [])];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${to.functionName} does not end`)), LONGEST_MILLISECONDS);
  });
  const outcome = await Promise.race([runInvocation({ ...given, inputData }), late]);
  clearTimeout(timer);
  return outcome.kind === 'failed'
    ? `failed: ${outcome.error.name === 'ZodError' ? 'ZodError' : outcome.error.message}`
    : outcome.kind;
}

/** Every blob with its version. */
async function stored(): Promise<string[]> {
  const all: string[] = [];
  for await (const { name, properties } of azurite.storage.container.listBlobsFlat()) {
    all.push(`${name} ${properties.etag} ${properties.contentLength}`);
  }
  return all.sort();
}

async function waitingMessages(): Promise<number> {
  let count = 0;
  for await (const { name } of azurite.storage.queues.listQueues()) {
    const { approximateMessagesCount = 0 } = await azurite.storage.queues.getQueueClient(name).getProperties();
    count += approximateMessagesCount;
  }
  return count;
}

const knownIds = Object.values(KNOWN).map(({ requestId }) => requestId);
const requestId = fc.oneof(fc.constantFrom(...knownIds), fc.uuid({ version: 4 }));
const slice = fc.record({
  v: fc.constant(1),
  requestId,
  run: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.nat()),
  taskId: fc.constantFrom(taskId, SEAL_TASK, '1-99', '7-00'),
  sliceId: fc.constantFrom(sliceId, sliceIdSchema.parse(`prove-${'0'.repeat(24)}`)),
});
/** Anything but what is in order: the open slice under the living run. */
const staleSlice = slice.filter((one) => one.requestId !== KNOWN.running.requestId || one.run !== RUN);
const callback = fc.record({
  v: fc.constant(1),
  // One that is still to come for a known request is tried again later, as it should be.
  requestId: fc.uuid({ version: 4 }),
  seq: fc.integer({ min: 1, max: 50 }),
  url: fc.nat(9),
  attempt: fc.integer({ min: 1, max: 30 }),
});
const request = fc.record({ v: fc.constant(1), requestId });

/** A message in good form, with one member replaced, missing or too much. */
const spoilt = fc
  .tuple(
    fc.oneof(staleSlice, callback, request),
    fc.constantFrom('v', 'requestId', 'run', 'more', 'url'),
    fc.jsonValue(),
  )
  .filter(([, member, value]) => member !== 'run' || value !== RUN)
  .map(([message, member, value]) => JSON.stringify({ ...message, [member]: value }));
const cut = fc.tuple(staleSlice, fc.nat(150)).map(([message, end]) => JSON.stringify(message).slice(0, end));
const foreign = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.json(),
  fc.constantFrom('', 'null', '[]', '42', '"x"', '9'.repeat(400), '{"__proto__":{"v":1}}', `"${'x'.repeat(48_000)}"`),
  cut,
  spoilt,
);
const wellFormed = fc.oneof(staleSlice, callback, request).map((message) => JSON.stringify(message));

describe('Whatever lies in a queue', () => {
  it('either fails and so becomes a poison entry, or is of no consequence; poison functions take everything', async () => {
    const before = await stored();
    expect(functions.length).toBeGreaterThan(40);
    const sent = fc.record({
      to: fc.nat(functions.length - 1),
      text: fc.oneof({ weight: 3, arbitrary: foreign }, { weight: 2, arbitrary: wellFormed }),
    });
    const outcomes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 50, maxLength: 50 }), async (messages) => {
        await Promise.all(
          messages.map(async ({ to, text }) => {
            const one = functions[to];
            if (!one) throw new Error('no such function');
            const outcome = await deliver(one, text);
            outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
            if (one.queue.endsWith('-poison')) expect(outcome, `${one.functionName}: ${text}`).toBe('completed');
          }),
        );
      }),
      { numRuns: 120, endOnFailure: true },
    );
    // What can't be parsed fails, and nothing else does.
    expect([...outcomes.keys()].sort()).toEqual(['completed', 'failed: ZodError']);
    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(6000);
    // Nothing was changed, nothing was started, nobody was told.
    expect(await stored()).toEqual(before);
    expect(await waitingMessages()).toBe(0);
    expect(asked.filter((one) => !one.startsWith('GET'))).toEqual([]);
    expect(logged.join('\n')).not.toContain('xxxxxxxx');
  }, 120_000);

  it('leaves a slice alone that a poison message of another run names, and gives up that of the living run', async () => {
    const seal = functions.find(({ functionName }) => functionName === 'seal-poison');
    if (!seal) throw new Error('no such function');
    const { running, completed } = KNOWN;
    const slices = sliceStore(azurite.storage);
    const tell = (message: object) => deliver(seal, JSON.stringify({ v: 1, taskId, sliceId, ...message }));
    const ended = { requestId: completed.requestId, taskId, sliceId };
    const open = { requestId: running.requestId, taskId, sliceId };
    expect(await tell({ requestId: completed.requestId, run: RUN })).toBe('completed');
    expect(await tell({ requestId: running.requestId, run: RUN - 1 })).toBe('completed');
    expect(await tell({ requestId: mintRequestId(), run: RUN })).toBe('completed');
    expect(await slices.readHeader(ended)).toBeUndefined();
    expect(await slices.readHeader(open)).toBeUndefined();
    expect(await tell({ requestId: running.requestId, run: RUN })).toBe('completed');
    expect(await slices.readHeader(open)).toMatchObject({ sliceId, counts: { gaps: 1 } });
  });
});
