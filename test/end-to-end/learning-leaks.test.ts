import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { plantedSecrets } from '../../local/simulator/world/learning/secrets.ts';
import { findLeaks } from './support/leaks.ts';
import type { Order } from './support/portal.ts';
import { type Stage, startStage } from './support/stage.ts';
import { toldOf } from './support/told.ts';
import { keeping, type Trace, tracesOf } from './support/traces.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000, hookTimeout: 330_000 });

const PERSON = {
  objectId: '8842beef-8842-4842-8842-884288428842',
  upn: 'walburga.leak8842@contoso.example',
  name: 'Walburga Leakington-8842',
};
const SUBJECT = {
  reference: 'Reference-of-Walburga-8842',
  objectId: PERSON.objectId,
  userPrincipalName: PERSON.upn,
  email: 'walburga.mail8842@contoso.example',
};
const IDENTIFIERS = [...new Set([...Object.values(PERSON), ...Object.values(SUBJECT)])];
/** Secrets that no Azure ML service answers. */
const OF_CUSTOM_VISION = /PredictionKeys/;

const SIGNING_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const PROJECT = { runs: 1, experiments: 1, assets: 1, artifactsPerRun: 1, reviewedRuns: 1 };
const REGISTRY = { services: 1, images: 1, models: 2 };

let stage: Stage;
const requests = { exported: '', erased: '' };
const states: string[] = [];
const sent: Trace[] = [];
const told: Trace[] = [];
beforeAll(async () => {
  stage = await startStage({
    targets: [],
    managed: [
      { kind: 'experimentation', name: 'studied', account: 'studied' },
      { kind: 'model-management', name: 'hosting', account: 'hosting' },
      { kind: 'machine-learning', name: 'modern', workspace: 'modern' },
      { kind: 'computes', name: 'computing', workspace: 'modern' },
      { kind: 'clusters', name: 'serving', resourceGroup: 'serving', mayDeleteInfrastructure: true },
    ],
    world: {
      people: [PERSON],
      experimentation: [{ name: 'studied', workspaces: [{ name: 'alpha', projects: [PROJECT] }] }],
      modelManagement: [{ name: 'hosting', ...REGISTRY, manifests: 1, ownedModels: 1 }],
      successor: [{ name: 'modern', ...PROJECT, ...REGISTRY, computes: [{ type: 'AKS' }, { type: 'VirtualMachine' }] }],
      clusters: [{ name: 'cluster', resourceGroup: 'serving', secretInClear: true }],
      behaviour: { pollsUntilDeleted: 0, pollAfterSeconds: 1 },
    },
    settings: { RECEIPT_SIGNING_KEY: SIGNING_KEY },
    between: { storage: keeping(sent) },
  });
  plantRefusals();
  requests.exported = await begin({ action: 'export', targets: 'all' });
  states.push((await stage.portal.ended(requests.exported)).state);
  await erase();
  for (const id of Object.values(requests)) told.push(...(await toldOf(stage, id)));
  await stage.host.stop();
});
afterAll(() => stage?.stop());

const begin = (order: Order): Promise<string> => stage.portal.begin({ ...order, subject: SUBJECT });

/** A read and a deletion are refused once, in words that quote all secrets and the person. */
function plantRefusals(): void {
  const message = `Not for ${IDENTIFIERS.join(', ')}: ${plantedSecrets.join(', ')}`;
  for (const operation of ['GetExperiment', 'MLModels_Delete']) {
    const json = { code: 'Forbidden', message, error: { code: 'Forbidden', message } };
    stage.simulator.faults.add({ match: { operation }, fault: { kind: 'answerWith', status: 403, json }, times: 1 });
  }
}

/** Everything, infrastructure too: it goes only where it is named. */
async function erase(): Promise<void> {
  const families = [...new Set((await stage.portal.view(requests.exported)).tasks.map(({ family }) => family))];
  requests.erased = await begin({ action: 'delete', targets: 'all', families });
  const { plan } = await stage.portal.awaitingDecision(requests.erased);
  expect((await stage.officer.decide(requests.erased, 'approve', plan?.hash)).status).toBe(202);
  states.push((await stage.portal.ended(requests.erased)).state);
}

/** What is left of a trace without the documents of upstream, which may name the person: that is what was asked for. */
function withoutDocuments({ where, text }: Trace): Trace {
  if (/: .*\/report-\d+\.html$/.test(where)) return { where, text: '' };
  const lines = text.split('\n').filter((line) => !line.startsWith('{"line":"document"'));
  return { where, text: lines.join('\n') };
}

describe('an export and a delete of all Azure ML families', () => {
  test('come to their ends, with every family and every secret answered by upstream', async () => {
    expect(states).toEqual(['partially-completed', 'partially-completed']);
    const answered = JSON.stringify(stage.answers);
    const wanted = plantedSecrets.filter((secret) => !OF_CUSTOM_VISION.test(secret));
    expect(wanted.filter((secret) => !answered.includes(secret))).toEqual([]);
    const operations = stage.simulator.calls.list.map(({ operation }) => operation);
    expect(operations).toEqual(
      expect.arrayContaining([
        ...['Accounts_Delete', 'Projects_Delete', '<DeleteHostingAccount>', 'DeleteModel', 'Services_Delete'],
        ...['Assets_Delete', 'Artifacts_DeleteMetaData', 'OperationalizationClusters_Delete', 'GetBlob', 'ListJobs'],
      ]),
    );
  });

  test('leave no secret anywhere', async () => {
    expect(await findLeaks(tracesOf(stage), plantedSecrets)).toEqual([]);
    expect(await findLeaks(sent, plantedSecrets)).toEqual([]);
    expect(await findLeaks(told, plantedSecrets)).toEqual([]);
  });

  test('name the person in their records and in documents of upstream only, and those lie with the export', async () => {
    const traces: Trace[] = [];
    for await (const trace of tracesOf(stage)) traces.push(trace);
    const documents = traces.filter((trace) => withoutDocuments(trace).text !== trace.text);
    expect(await findLeaks(documents, Object.values(PERSON)), 'documents name the person').not.toEqual([]);
    expect(documents.filter(({ where }) => !where.startsWith(`requests/${requests.exported}/`))).toEqual([]);
    const left = await findLeaks(traces.map(withoutDocuments), IDENTIFIERS);
    const { name: _, ...identified } = PERSON;
    const records = Object.values(requests).flatMap((id) =>
      [...new Set([...Object.values(identified), ...Object.values(SUBJECT)])].map(
        (value) => `${value} in requests/${id}/record.json`,
      ),
    );
    expect(left).toEqual(records.sort());
    const onTheWay = await findLeaks(sent.map(withoutDocuments), IDENTIFIERS);
    expect(onTheWay.filter((leak) => !/ in body of PUT [^ ]*\/record\.json$/.test(leak))).toEqual([]);
  });

  test('say nothing of the person in any answer: neither state nor plan, receipt, journal nor lists', async () => {
    const answered = told.filter(({ where }) => where.startsWith('200 ')).map(({ where }) => where);
    for (const [id, own] of [
      [requests.exported, '/package'],
      [requests.erased, '/plan'],
    ]) {
      const parts = ['', own, '/receipt', '/journal', '/receipt, signed', '/journal, signed'];
      expect(answered).toEqual(expect.arrayContaining(parts.map((part) => `200 GET /requests/${id}${part}`)));
    }
    expect(answered).toContain('200 GET /requests?action=delete');
    expect(await findLeaks(told, IDENTIFIERS)).toEqual([]);
  });

  test('send the person’s object id to the service that is asked by it, and nothing else of the person', async () => {
    const asked = stage.simulator.calls.list.filter(({ operation }) => operation !== 'ListJobs');
    const calls = asked.map(({ operation, path, query }) => ({ where: operation, text: path + query }));
    expect(await findLeaks(calls, IDENTIFIERS)).toEqual([]);
  });
});
