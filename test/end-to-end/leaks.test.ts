import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { plantedSecrets } from '../../local/simulator/world/learning/secrets.ts';
import { BESIDE_REQUESTS } from '../../src/lib/domain/log.ts';
import { COUNTERS, GAUGES } from '../../src/lib/domain/telemetry.ts';
import { type Collector, startCollector } from '../lib/app/telemetry/support/collector.ts';
import { findLeaks } from './support/leaks.ts';
import { type Stage, startStage } from './support/stage.ts';
import { hostOf } from './support/targets.ts';
import { toldOf } from './support/told.ts';
import { keeping, sentTraces, type Trace, tracesOf } from './support/traces.ts';
import { found, until } from './support/until.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 170_000 });

/** The person, in words that can come from nowhere else. */
const PERSON = {
  subject: {
    reference: 'Reference-of-Ottilie-7731',
    email: 'ottilie.leak7731@contoso.example',
    objectId: '7731beef-7731-4731-8731-77317731beef',
  },
  note: 'Asked for by Ottilie Leakington-7731 herself.',
};
const IDENTIFIERS = [...Object.values(PERSON.subject), 'Ottilie Leakington-7731', 'leak7731'];
const IDEMPOTENCY_KEY = 'key-of-ottilie.leak7731@contoso.example';

const small = { tags: 1, taggedImages: 2, untaggedImages: 1, iterations: { published: 1, trained: 0 } };
const targets = [
  { name: 'saved', projects: [small] },
  { name: 'signed', signIn: 'entra' as const, projects: [small] },
  { name: 'gone', projects: [small] },
];

let stage: Stage;
let collector: Collector;
let ended: readonly string[] = [];
const sent: Trace[] = [];
const told: Trace[] = [];
beforeAll(async () => {
  collector = await startCollector();
  const settings = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '500',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    DSR_WATCHDOG_SCHEDULE: '*/5 * * * * *',
  };
  stage = await startStage({ targets, settings, between: { storage: keeping(sent) } });
  for (const name of ['saved', 'gone']) plant(name);
  const exported = await submit('export', ['saved', 'signed']);
  const erased = await submit('delete', ['gone']);
  const { plan } = await stage.portal.awaitingDecision(erased);
  expect((await stage.officer.decide(erased, 'approve', plan?.hash)).status).toBe(202);
  states.push((await stage.portal.ended(exported)).state, (await stage.portal.ended(erased)).state);
  ended = [exported, erased];
  for (const id of ended) told.push(...(await toldOf(stage, id)));
  await until('the ends of both are told', () => {
    const spans = collector.spans().filter(({ name }) => name === 'dsr.request');
    return spans.length === 2 && Object.keys(GAUGES).every((name) => collector.metrics().has(name));
  });
  await stage.host.stop();
  told.push(...collector.received.map(({ path, text }) => ({ where: `told by ${path}`, text })));
}, 240_000);
const states: string[] = [];
afterAll(async () => {
  await stage?.stop();
  await collector?.stop();
});

/** Answers with a secret in every place that the contracts name, and a refusal that quotes secrets and the person. */
function plant(name: string): void {
  const [project] = stage.resource(name).projects.values();
  const [tag] = found(project).workspace.tags.values();
  const { id } = found(tag);
  const listed = { id, name: 'Hemlock', description: null, type: 'Regular', imageCount: 1, future: secrets() };
  const message = `Not for ${IDENTIFIERS.join(', ')}: ${plantedSecrets.join(', ')}`;
  const host = hostOf(name);
  stage.simulator.faults.add(
    { match: { host, operation: 'GetTags' }, fault: { kind: 'answerWith', json: [listed] }, times: 1 },
    {
      match: { host, operation: 'GetIterationPerformance' },
      fault: { kind: 'answerWith', status: 400, json: { code: 'BadRequest', message } },
      times: 1,
    },
  );
}

/** Every secret field of the contracts, at its place below one object. */
function secrets(): unknown[] {
  return plantedSecrets.map((secret) => {
    const way = secret.slice('PLANTED-SECRET-'.length).split('.');
    if (way.length === 1 && way[0] === 'sig')
      return { contentUri: `https://x.blob.core.windows.net/a?sv=1&sig=${secret}%3D&se=1` };
    return way.reduceRight<unknown>((inner, member) => ({ [member]: inner }), secret);
  });
}

async function submit(action: 'export' | 'delete', names: string[]): Promise<string> {
  const body = { action, scope: 'target', targets: names, ...PERSON };
  const headers = { 'idempotency-key': `${IDEMPOTENCY_KEY}-${action}` };
  const { status, json } = await stage.portal.call('POST', '/requests', { body, headers });
  expect(status).toBe(202);
  told.push({ where: 'answer to a submission', text: JSON.stringify(json) });
  return (json as { requestId: string }).requestId;
}

/** All keys that the app was given or was shown. */
function keysInUse(): string[] {
  const { settings, keys } = stage.hostOptions;
  const own = Object.entries(settings ?? {}).filter(([name]) =>
    /^(?:KEY_|IDENTITY_HEADER|RECEIPT_SIGNING_KEY)/.test(name),
  );
  const account = /AccountKey=([^;]+)/.exec(stage.azurite.connectionString)?.[1];
  const token = stage.simulator.identity.header;
  const tokenHead = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');
  return [
    ...own.map(([, value]) => value),
    found(account),
    token,
    tokenHead,
    keys.master,
    keys.system,
    ...Object.values(keys.functionKeys),
  ];
}

describe('what an export and a delete leave behind', () => {
  test('is looked for after both have come to their end, and the secrets were really answered', async () => {
    expect(states).toEqual(['partially-completed', 'completed']);
    const answered = JSON.stringify(stage.answers);
    for (const secret of plantedSecrets) expect(answered).toContain(secret);
    const stored: string[] = [];
    for await (const { where, text } of tracesOf(stage))
      if (text.includes('&lt;masked&gt;') || text.includes('<masked>')) stored.push(where);
    expect(stored.some((where) => where.includes('/done/'))).toBe(true);
    expect(stored.some((where) => where.includes('saved/cv-tags/documents-0001.ndjson'))).toBe(true);
    expect(stored.some((where) => where.includes('saved/cv-tags/report-0001.html'))).toBe(true);
  });

  test('names the person in the record only', async () => {
    const left = await findLeaks(tracesOf(stage), IDENTIFIERS);
    expect(left.filter((leak) => !/ in requests\/[^/]+\/record\.json$/.test(leak))).toEqual([]);
    expect(left).toHaveLength(2 * IDENTIFIERS.length);
    const onTheWay = await findLeaks(sent, IDENTIFIERS);
    expect(onTheWay.filter((leak) => !/ in body of PUT [^ ]*\/record\.json$/.test(leak))).toEqual([]);
    expect(await findLeaks(told, IDENTIFIERS)).toEqual([]);
    const asked = stage.simulator.calls.list.map(({ path, query }) => ({
      where: 'a call upstream',
      text: path + query,
    }));
    expect(await findLeaks(asked, IDENTIFIERS)).toEqual([]);
  });

  test.each([
    ['secret of an upstream document', () => plantedSecrets],
    ['key or token', keysInUse],
  ])('holds no %s', async (_, values) => {
    const all = values();
    expect(all.length).toBeGreaterThan(5);
    expect(await findLeaks(tracesOf(stage), all)).toEqual([]);
    expect(await findLeaks(sent, all)).toEqual([]);
    expect(await findLeaks(told, all)).toEqual([]);
  });

  test('is told to the collector as spans within each other, and as measurements', () => {
    const spans = collector.spans();
    const named = (...names: string[]) => spans.filter(({ name }) => names.includes(name));
    const requests = named('dsr.request');
    const outcomes = new Map(requests.map(({ traceId, attributes }) => [traceId, attributes['dsr.outcome']]));
    expect(outcomes).toEqual(new Map(ended.map((id, place) => [id.replaceAll('-', ''), states[place]])));
    const requestSpans = requests.map(({ spanId }) => spanId);

    const tasks = named('dsr.task');
    expect(tasks).not.toEqual([]);
    for (const { parentSpanId } of tasks) expect(requestSpans).toContain(parentSpanId);
    const slices = named('dsr.slice');
    expect(slices.length).toBeGreaterThan(tasks.length / 2);
    for (const { parentSpanId, links, attributes } of slices) {
      expect(parentSpanId, 'the invocation').toMatch(/^[0-9a-f]{16}$/);
      expect(links).toMatchObject([{ traceId: String(attributes['dsr.request.id']).replaceAll('-', '') }]);
      expect(requestSpans).toContain(links[0]?.spanId);
    }
    const works = new Map(
      named('dsr.slice', 'dsr.advance', 'dsr.round', 'dsr.start', 'dsr.watchdog').map((span) => [span.spanId, span]),
    );
    const calls = named('upstream.call');
    expect(calls.length).toBeGreaterThan(slices.length);
    for (const { parentSpanId, traceId } of calls) expect(works.get(parentSpanId ?? '')?.traceId).toBe(traceId);

    const unasked = ['dsr.upstream.throttled', 'dsr.upstream.retries'];
    const wanted = Object.keys({ ...COUNTERS, ...GAUGES }).filter((name) => !unasked.includes(name));
    expect([...collector.metrics()]).toEqual(expect.arrayContaining(wanted));
  });

  test('stands in the log by the id of its request', () => {
    const lines = stage.log.flatMap((line) => /\{"event":.*\}/.exec(line) ?? []).map((line) => JSON.parse(line));
    const beside: readonly string[] = BESIDE_REQUESTS;
    const about = lines.filter(({ event }) => !beside.includes(event));
    expect(about.length).toBeGreaterThan(10);
    for (const line of about) expect(ended, JSON.stringify(line)).toContain(line.requestId);
  });

  test.each([
    ['in an address', 'https://h/?q=ottilie.leak7731%40contoso.example'],
    ['in JSON', '{"a":"OTTILIE.LEAK7731@contoso.example"}'],
    ['as a plain digest', createHash('sha256').update(PERSON.subject.email).digest('hex')],
    ['as a plain digest in base64', createHash('sha256').update(PERSON.subject.email.toUpperCase()).digest('base64')],
  ])('would be seen %s', async (_, text) => {
    expect(await findLeaks([{ where: 'a', text }], [PERSON.subject.email])).toEqual([`${PERSON.subject.email} in a`]);
  });

  test('would be seen in a message of a queue', async () => {
    const text = Buffer.from(JSON.stringify({ of: PERSON.subject.email })).toString('base64');
    const message = `<QueueMessage><MessageText>${text}</MessageText></QueueMessage>`;
    const passing = { method: 'POST', url: '/devstoreaccount1/q/messages', headers: {}, body: Buffer.from(message) };
    expect(await findLeaks(sentTraces(passing), [PERSON.subject.email])).toHaveLength(1);
  });

  test('is found where it is: a trace of each kind is looked at', async () => {
    const kinds = new Set<string>();
    for await (const { where, text } of tracesOf(stage)) if (text !== '') kinds.add(kindOf(where));
    for (const { where } of sent) kinds.add(kindOf(where));
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'log',
        'hub',
        'row of the hub',
        'blob',
        'facts of a blob',
        'file of a package',
        'message sent',
      ]),
    );
  });
});

function kindOf(where: string): string {
  if (where.includes(', table ')) return 'row of the hub';
  if (where.endsWith('.sqlite')) return 'hub';
  if (where.includes('.zip: ')) return 'file of a package';
  if (where.startsWith('name, ')) return 'facts of a blob';
  if (/^body of POST .*\/messages \(base64\)$/.test(where)) return 'message sent';
  return where.startsWith('requests/') ? 'blob' : where;
}
