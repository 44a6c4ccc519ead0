import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { plantedSecrets } from '../../local/simulator/world/learning/secrets.ts';
import { findLeaks } from './support/leaks.ts';
import { expectSpotless, quoting, withoutDocuments } from './support/spotless.ts';
import { type Stage, startStage } from './support/stage.ts';
import { keeping, type Trace } from './support/traces.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

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

const SIGNING_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const PROJECT = { runs: 1, experiments: 1, assets: 1, artifactsPerRun: 1, reviewedRuns: 1 };
const REGISTRY = { services: 1, images: 1, models: 1 };

let stage: Stage;
const sent: Trace[] = [];
beforeAll(async () => {
  stage = await startStage({
    targets: [{ name: 'seen', accountVersion: '1.2', owner: { userName: PERSON.upn, email: PERSON.upn }, projects: 0 }],
    managed: [
      { kind: 'experimentation', name: 'studied', account: 'studied' },
      { kind: 'model-management', name: 'hosting', account: 'hosting' },
      { kind: 'machine-learning', name: 'modern', workspace: 'modern' },
      { kind: 'computes', name: 'computing', workspace: 'modern' },
      { kind: 'clusters', name: 'serving', resourceGroup: 'serving' },
    ],
    world: {
      people: [PERSON],
      experimentation: [{ name: 'studied', workspaces: [{ name: 'alpha', projects: [PROJECT] }] }],
      modelManagement: [{ name: 'hosting', ...REGISTRY, manifests: 1, ownedModels: 1 }],
      successor: [
        { name: 'modern', ...PROJECT, runs: 2, ...REGISTRY, computes: [{ type: 'AKS' }, { type: 'VirtualMachine' }] },
      ],
      clusters: [{ name: 'cluster', resourceGroup: 'serving', secretInClear: true }],
    },
    settings: { RECEIPT_SIGNING_KEY: SIGNING_KEY },
    between: { storage: keeping(sent) },
  });
});
afterAll(() => stage?.stop());

// Deletions are looked through where they are tested: learning-delete, learning-infrastructure, successor.
test('an export of every family leaves no secret anywhere, and the person in its record and in documents only', async () => {
  const match = { operation: 'GetExperiment' };
  stage.simulator.faults.add({ match, fault: quoting(IDENTIFIERS), times: 1 });
  const id = await stage.portal.begin({ action: 'export', targets: 'all', subject: SUBJECT });
  expect((await stage.portal.ended(id)).state, 'one experiment was refused').toBe('partially-completed');
  const { traces, told } = await expectSpotless(stage, sent, IDENTIFIERS);

  const answered = JSON.stringify(stage.answers);
  expect(
    plantedSecrets.filter((secret) => !answered.includes(secret)),
    'never answered by upstream',
  ).toEqual([]);
  const keys = stage.resource('seen').keys;
  expect(keys.filter((key) => !answered.includes(key))).toEqual([]);
  expect(await findLeaks([...traces, ...sent, ...told], keys), 'keys that the account info tells').toEqual([]);
  const documents = traces.filter((trace) => withoutDocuments(trace).text !== trace.text);
  const named = (await findLeaks(documents, IDENTIFIERS)).map((leak) => leak.split(' in ')[0]);
  expect(new Set(named), 'documents name the person').toEqual(new Set(Object.values(PERSON)));

  const parts = ['', '/package', '/receipt', '/journal', '/receipt, signed', '/journal, signed'];
  const answers = told.map(({ where }) => where);
  expect(answers).toEqual(expect.arrayContaining(parts.map((part) => `200 GET /requests/${id}${part}`)));
  expect(answers).toContain('200 GET /requests?state=completed');

  const asked = stage.simulator.calls.list.filter(({ operation }) => operation !== 'ListJobs');
  const calls = asked.map(({ operation, path, query }) => ({ where: operation, text: path + query }));
  expect(await findLeaks(calls, IDENTIFIERS), 'only notifications are asked for by the person').toEqual([]);
});
