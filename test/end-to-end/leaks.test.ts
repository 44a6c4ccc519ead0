import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { plantedSecrets } from '../../local/simulator/world/learning/secrets.ts';
import { findLeaks } from './support/leaks.ts';
import { type Stage, startStage } from './support/stage.ts';
import { hostOf } from './support/targets.ts';
import { toldOf } from './support/told.ts';
import { keeping, sentTraces, type Trace, tracesOf } from './support/traces.ts';
import { found } from './support/until.ts';

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
const sent: Trace[] = [];
const told: Trace[] = [];
beforeAll(async () => {
  stage = await startStage({ targets, between: { storage: keeping(sent) } });
  for (const name of ['saved', 'gone']) plant(name);
  const exported = await submit('export', ['saved', 'signed']);
  const erased = await submit('delete', ['gone']);
  const { plan } = await stage.portal.awaitingDecision(erased);
  expect((await stage.officer.decide(erased, 'approve', plan?.hash)).status).toBe(202);
  states.push((await stage.portal.ended(exported)).state, (await stage.portal.ended(erased)).state);
  for (const id of [exported, erased]) told.push(...(await toldOf(stage, id)));
  await stage.host.stop();
}, 240_000);
const states: string[] = [];
afterAll(() => stage?.stop());

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
