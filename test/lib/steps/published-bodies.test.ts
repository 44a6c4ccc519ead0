import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { DocumentLine } from '../../../src/lib/domain/ledger.ts';
import { MASKED } from '../../../src/lib/domain/masking.ts';
import type { TargetKind } from '../../../src/lib/domain/target.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { type Asked, askedFor, examples, type Published, patternOf, recordings } from './support/published.ts';
import { openStage, type Stage, type StageOptions } from './support/stage.ts';
import { walkAll } from './support/walking.ts';

// Some seconds alone on a machine.
vi.setConfig({ testTimeout: 120_000 });

/** What an export doesn't ask for, by the name of the operation, with the reason. */
const NOT_ASKED: Readonly<Record<string, readonly string[]>> = {
  'It changes something.': [
    ...['Images', 'Image', 'Tag', 'Project'].flatMap((what) => [`Create${what}`, `Update${what}`, `Delete${what}`]),
    ...['FromData', 'FromFiles', 'FromPredictions', 'FromUrls'].map((from) => `CreateImages${from}`),
    ...['CreateImageRegions', 'CreateImageTags', 'DeleteImageRegions', 'DeleteImageTags', 'PostImageTags'],
    ...['DeleteIteration', 'UpdateIteration', 'PublishIteration', 'UnpublishIteration', 'ExportIteration'],
    ...['DeletePrediction', 'TrainProject'],
    ...['Accounts', 'Workspaces', 'Projects'].flatMap((what) =>
      ['CreateOrUpdate', 'Update', 'Delete'].map((how) => `${what}_${how}`),
    ),
    ...['CreateOrUpdate', 'Update', 'Delete', 'UpdateSystem'].map((how) => `OperationalizationClusters_${how}`),
    ...['CreateOrUpdate', 'Delete', 'SystemUpdate'].map((how) => `MachineLearningCompute_${how}`),
    'Workspaces_ResyncKeys',
  ],
  'It tells keys, which an export must not hold.': [
    'OperationalizationClusters_ListKeys',
    'MachineLearningCompute_ListKeys',
    'Workspaces_ListKeys',
  ],
  'It tells of the service, not of what anybody stored in it.': [
    'GetDomain',
    'GetDomains',
    'MachineLearningCompute_ListAvailableOperations',
    'OperationalizationClusters_CheckUpdate',
  ],
  'It computes something anew from an image.': ['QuickTestImage', 'QuickTestImageUrl', 'GetImageRegionProposals'],
  'The performance of an iteration, which is exported, sums it up image by image.': [
    'GetImagePerformances',
    'GetImagePerformanceCount',
  ],
  'A number that lists are held against.': ['GetTaggedImageCount', 'GetUntaggedImageCount'],
  'It lists what other targets hold: each target names its own account, or resource group.': [
    'Accounts_List',
    'Accounts_ListByResourceGroup',
    'OperationalizationClusters_ListBySubscriptionId',
  ],
  'Workspaces of the successor themselves are deleted and read in the Azure portal.': [
    'Workspaces_Get',
    'Workspaces_ListByResourceGroup',
    'Workspaces_ListBySubscription',
  ],
  'No specification refers to it: it is left over from an earlier version.': ['unused'],
};
/** Of recordings: by verb and path. */
const NOT_RECORDED_FOR = [
  /\/operationsStatus\//,
  /\/operationresults\//,
  /\/providers\/Microsoft\.MachineLearningCompute$/,
  /\/resourcegroups$/,
  /^POST .*\/publish$/,
];
/** Version 1.x has other names for everything, and is asked for account info only (contradictions.md, 25, 29). */
const isOld = ({ name, operation }: Published): boolean =>
  operation !== 'GetAccountInfo' && (name.startsWith('customvision-training-v1.2/') || operation.includes('/v1.2/'));
const reasonFor = ({ operation }: Published): string | undefined =>
  Object.entries(NOT_ASKED).find(([, names]) => names.includes(operation))?.[0] ??
  (NOT_RECORDED_FOR.some((pattern) => pattern.test(operation)) ? 'How an operation goes on, or a group.' : undefined);

const all = [...examples(), ...recordings()];
const current = all.filter((one) => !isOld(one));
const asked = current.flatMap((one) => {
  const use = askedFor(one);
  return use ? [{ ...one, use }] : [];
});

describe('published and recorded bodies', () => {
  test('are exported, or left out for a reason that is given by name', () => {
    expect(all.length).toBeGreaterThan(150);
    const silent = current.filter((one) => !askedFor(one) && reasonFor(one) === undefined);
    expect(silent.map(({ name, operation }) => `${name}: ${operation}`)).toEqual([]);
    const both = current.filter((one) => askedFor(one) && reasonFor(one) !== undefined);
    // Both services have an operation of this name.
    expect(both.map(({ operation }) => operation)).toEqual(['Workspaces_Get']);
    expect(asked.length).toBeGreaterThan(30);
    const empty = asked.filter(({ use, body }) => elementsOf(use, body).length === 0);
    // No image of a current version was ever published.
    expect(empty.map(({ name }) => name)).toEqual([
      'customvision-training-v3.0/GetImagesByIds.json',
      'customvision-training-v3.0/GetTaggedImages.json',
      'customvision-training-v3.0/GetUntaggedImages.json',
      'GetUntaggedImages.json, exchange 1',
    ]);
  });

  const azurite = useAzurite();
  const stages = new Map<TargetKind, Stage>();
  beforeAll(async () => {
    for (const [kind, options] of WORLDS) stages.set(kind, await openStage(azurite.storage, options));
  }, 120_000);
  afterAll(async () => {
    for (const stage of stages.values()) await stage[Symbol.asyncDispose]();
  });

  test.each(asked.map((one) => [`${one.name}: ${one.use.operation.operation}`, one] as const))(
    '%s comes out complete',
    async (_, { kind, use, body }) => {
      const stage = kind && stages.get(kind);
      if (!stage) throw new Error('No world has it.');
      const given = elementsOf(use, body);
      answerWith(stage, use, given);
      const { lines } = await walkAll(stage, { family: use.family, purpose: 'export' });
      expect(lines.filter(({ line }) => line === 'gap')).toEqual([]);
      const kept = lines.filter((line): line is DocumentLine => line.line === 'document');
      expect(kept.length === 0).toBe(given.length === 0);
      for (const element of given) {
        const same = kept.map(({ document }) => maskedWays(element, document)).find((ways) => ways !== undefined);
        expect(same, JSON.stringify(element)).toBeDefined();
        expect((same ?? []).filter((way) => !MASKED_WAYS.some((pattern) => pattern.test(way)))).toEqual([]);
      }
    },
  );
});

/** One place of each level; what lies in it is answered by the published bodies. */
const WORLDS: readonly (readonly [TargetKind, StageOptions])[] = [
  [
    'custom-vision',
    {
      accountVersion: '1.2',
      version: '3.0',
      world: { resources: [{ projects: [{ iterations: { published: 0, trained: 1, training: 0, untrained: 0 } }] }] },
    },
  ],
  [
    'experimentation',
    {
      managed: { kind: 'experimentation', account: 'examples' },
      world: { experimentation: [{ name: 'examples', workspaces: [{ name: 'a', projects: [] }] }] },
    },
  ],
  [
    'computes',
    {
      managed: { kind: 'computes', workspace: 'examples', mayDeleteInfrastructure: true },
      world: { computeWorkspaces: [{ name: 'examples' }] },
    },
  ],
  [
    'clusters',
    {
      managed: { kind: 'clusters', resourceGroup: 'examples', mayDeleteInfrastructure: true },
      world: { clusters: [{ resourceGroup: 'examples' }] },
    },
  ],
];

/** Documents in a body: one, or the elements of its list. */
function elementsOf({ place, operation }: Asked, body: unknown): unknown[] {
  if (place !== 'list' || operation.paging?.by === 'single') return [body];
  const list = ['value', 'results'].flatMap((name) => (isRecord(body) && name in body ? [body[name]] : []))[0] ?? body;
  if (!Array.isArray(list)) throw new Error('Not a list.');
  return list;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every list of the family answers these elements, and the call for one of them that one; a part answers to each. */
function answerWith(stage: Stage, { family, place, operation }: Asked, given: readonly unknown[]): void {
  const { faults } = stage.simulator;
  faults.clear();
  const answer = (route: Asked['operation']['route'], json: unknown): void => {
    faults.add({ match: { pathPattern: `${patternOf(route)}(?:\\?|$)` }, fault: { kind: 'answerWith', json } });
  };
  if (place === 'part') {
    answer(operation.route, given[0]);
    return;
  }
  if (family.read && family.readEach !== undefined && place === 'read') answer(family.read.route, given[0]);
  for (const list of family.list) {
    if (list.count) answer(list.count.route, given.length);
    answer(list.route, bodyOf(list, given));
  }
}

/** As the lists of the operation are answered. Where examples lead on a placeholder stands: it is left out. */
function bodyOf({ paging }: Asked['operation'], given: readonly unknown[]): unknown {
  if (paging?.by === 'single') return given[0];
  if (paging?.by === 'next-link') return { value: given };
  return paging?.by === 'query-token' ? { results: given, token: null } : given;
}

/** Members that the contracts call secrets, as far as published bodies have them. */
const MASKED_WAYS = [
  /^Keys\.(?:TrainingKeys|PredictionKeys)$/,
  /^properties\.storageAccount\.accessKey$/,
  /\.servicePrincipal\.secret$/,
  /\.appInsights\.apiKey$/,
  /\.ssl(?:Configuration)?\.(?:key|cert)$/,
];

/** Ways to what is masked in an exported document; undefined where it isn't the document, or not all of it. */
function maskedWays(given: unknown, kept: unknown, way = ''): string[] | undefined {
  if (kept === MASKED) return [way];
  if (typeof given === 'string') return kept === given.replaceAll(/([?&]sig=)[^&]*/g, `$1${MASKED}`) ? [] : undefined;
  if (typeof given !== 'object' || given === null) return kept === given ? [] : undefined;
  if (typeof kept !== 'object' || kept === null || Array.isArray(given) !== Array.isArray(kept)) return undefined;
  const [names, others] = [Object.entries(given), new Map<string, unknown>(Object.entries(kept))];
  if (names.length !== others.size) return undefined;
  const inner = names.map(([name, value]) => maskedWays(value, others.get(name), way === '' ? name : `${way}.${name}`));
  return inner.some((ways) => ways === undefined) ? undefined : inner.flatMap((ways) => ways ?? []);
}
