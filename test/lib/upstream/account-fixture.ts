import type { Branch, Family } from '../../../src/lib/catalog/family.ts';
import type { Operation } from '../../../src/lib/catalog/operation.ts';
import type { Upstream, UpstreamOptions } from '../../../src/lib/upstream/upstream.ts';
import { type Service, upstreamTo } from './fixture.ts';

/*
 * A small branch of the kind that Azure ML has: an account behind the resource manager and its data plane on a host of its own.
 */
const row = { seed: 'extra', row: 'test', confidence: ['spec'] } as const;
const guess = { ...row, confidence: ['inf-H', 'inf-L'] } as const;
const query = { 'api-version': '2017-09-01-preview' } as const;

export const readAccount: Operation = {
  ...row,
  operation: 'ReadAccount',
  base: 'arm',
  route: 'GET /accounts/{accountName}',
  query,
  paging: { by: 'single' },
};
export const deleteAccount: Operation = {
  ...row,
  operation: 'DeleteAccount',
  base: 'arm',
  route: 'DELETE /accounts/{accountName}',
  query,
  longRunning: true,
};
export const listModels: Operation = {
  ...row,
  operation: 'ListModels',
  route: 'GET /models',
  query,
  paging: { by: 'next-link' },
};
export const listRuns: Operation = {
  ...row,
  operation: 'ListRuns',
  base: 'arm',
  route: 'GET /runs',
  paging: { by: 'next-link', token: '$continuationtoken' },
};
export const guessedRuns: Operation = { ...listRuns, ...guess, operation: 'GuessedRuns' };
export const guessedJobs: Operation = {
  ...guess,
  operation: 'GuessedJobs',
  base: 'arm',
  route: 'GET /jobs',
  paging: { by: 'whole' },
};
export const queryPredictions: Operation = {
  ...row,
  operation: 'QueryPredictions',
  base: 'arm',
  route: 'POST /predictions/query',
  paging: { by: 'query-token', body: { orderBy: 'Oldest', maxCount: 2 } },
};
export const readUri: Operation = {
  ...guess,
  operation: 'ReadUri',
  base: 'arm',
  route: 'GET /runs/{runId}/artifacturi',
  optionalQuery: ['name'],
};

const family: Family = {
  family: 'test-models',
  title: 'Models',
  target: 'model-management',
  within: [],
  list: [listModels],
  identity: 'id',
  parameter: 'modelId',
  erase: { by: 'hand', sentence: 'In the portal.' },
  after: [],
};

export const ARM = 'https://management.azure.com/subscriptions/11111111-2222-4333-8444-555555555555';
export const PLANE = 'https://eastus2.modelmanagement.azureml.net/api/accounts/models1';
const values = { location: 'location', subscriptionId: 'subscriptionId', accountName: 'account' } as const;

export const managed: Branch = {
  target: 'model-management',
  bases: {
    main: 'https://{location}.modelmanagement.azureml.net/api/accounts/{accountName}',
    arm: 'https://management.azure.com/subscriptions/{subscriptionId}',
  },
  values,
  hosts: ['management.azure.com', '{location}.modelmanagement.azureml.net', '.hosting.azureml.net'],
  families: [family],
  byHand: [],
};
/** The same, with a service that tells where its data plane is. */
export const telling: Branch = {
  ...managed,
  discover: { base: 'main', read: readAccount, member: 'properties.swagger.location' },
};

export const upstreamOf = (service: Service, branch: Branch, more: Partial<UpstreamOptions> = {}): Upstream =>
  upstreamTo(service, { branches: [branch], retries: 1, ...more });

/** What a service was asked, with the host that it was asked on. */
export const askedOf = (service: Service): string[] =>
  service.seen.map(({ method, url, headers }) => `${method} https://${headers['x-forwarded-host']}${url}`);
