import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { plantedSecrets } from '../../local/simulator/world/learning/secrets.ts';
import { findLeaks } from './support/leaks.ts';
import type { Passing } from './support/proxy.ts';
import { type Stage, startStage } from './support/stage.ts';
import { sentTraces, type Trace, tracesOf } from './support/traces.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000, hookTimeout: 330_000 });

const PERSON = {
  objectId: '8842beef-8842-4842-8842-884288428842',
  upn: 'walburga.leak8842@contoso.example',
  name: 'Walburga Leakington-8842',
};
const REFERENCE = 'Reference-of-Walburga-8842';
const IDENTIFIERS = [...Object.values(PERSON), REFERENCE];
const FAMILIES = ['exp-runs', 'exp-run-artifacts', 'exp-notifications', 'mm-services', 'operationalization-clusters'];
/** Secrets in documents of these families. */
const ANSWERED = ['servicePrincipal.secret', 'appInsights.apiKey', 'ssl.key', 'ssl.cert', 'Run.token', 'sig'];

let stage: Stage;
let state = '';
const sent: Trace[] = [];
beforeAll(async () => {
  const before = (passing: Passing) => {
    sent.push(...sentTraces(passing));
    return 'pass' as const;
  };
  const projects = [{ runs: 1, experiments: 1, assets: 0, artifactsPerRun: 1 }];
  stage = await startStage({
    targets: [],
    managed: [
      { kind: 'experimentation', name: 'studied', account: 'studied' },
      { kind: 'model-management', name: 'hosting', account: 'hosting' },
      { kind: 'clusters', name: 'serving', resourceGroup: 'serving' },
    ],
    world: {
      people: [PERSON],
      experimentation: [{ name: 'studied', workspaces: [{ name: 'alpha', projects }] }],
      modelManagement: [{ name: 'hosting', services: 1, images: 1, models: 1, manifests: 1 }],
      clusters: [{ name: 'cluster', resourceGroup: 'serving', secretInClear: true }],
    },
    between: { storage: { before } },
  });
  const subject = { reference: REFERENCE, objectId: PERSON.objectId, userPrincipalName: PERSON.upn };
  const targets = ['studied', 'hosting', 'serving'];
  const id = await stage.portal.begin({ action: 'export', targets, families: FAMILIES, subject });
  state = (await stage.portal.ended(id)).state;
  await stage.host.stop();
});
afterAll(() => stage?.stop());

/** What is left of a trace without the documents of upstream, which may name the person: that is what was asked for. */
function withoutDocuments({ where, text }: Trace): Trace {
  if (/: .*\/report-\d+\.html$/.test(where)) return { where, text: '' };
  const lines = text.split('\n').filter((line) => !line.startsWith('{"line":"document"'));
  return { where, text: lines.join('\n') };
}

test('an export of Azure ML targets leaves no secret anywhere, though upstream answered them', async () => {
  expect(state).toBe('completed');
  const answered = JSON.stringify(stage.answers);
  expect(ANSWERED.filter((field) => !answered.includes(`PLANTED-SECRET-${field}`))).toEqual([]);
  expect(await findLeaks(tracesOf(stage), plantedSecrets)).toEqual([]);
  expect(await findLeaks(sent, plantedSecrets)).toEqual([]);
});

test('an export of Azure ML targets names the person in the record and in documents of upstream only', async () => {
  const traces: Trace[] = [];
  for await (const trace of tracesOf(stage)) traces.push(trace);
  const documents = traces.filter((trace) => withoutDocuments(trace).text !== trace.text);
  expect(await findLeaks(documents, [PERSON.objectId]), 'documents name the person').not.toEqual([]);
  const left = await findLeaks(traces.map(withoutDocuments), IDENTIFIERS);
  expect(left.filter((leak) => !/ in requests\/[^/]+\/record\.json$/.test(leak))).toEqual([]);
  const onTheWay = await findLeaks(sent.map(withoutDocuments), IDENTIFIERS);
  expect(onTheWay.filter((leak) => !/ in body of PUT [^ ]*\/record\.json$/.test(leak))).toEqual([]);
});
