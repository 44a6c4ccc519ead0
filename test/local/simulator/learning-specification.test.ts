import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { armOperations } from '../../../local/simulator/arm/service.ts';
import { successorOperations } from '../../../local/simulator/successor/service.ts';
import { contractsFolder } from './contracts.ts';
import { learningFindings, publishedOperations } from './learning-specification.ts';

const exampleSchema = z.object({
  parameters: z.record(z.string(), z.unknown()),
  responses: z.record(z.string(), z.object({ body: z.unknown().optional() })),
});

const group = '/subscriptions/s/resourceGroups/g/providers';
const experimentation = `${group}/Microsoft.MachineLearningExperimentation/accounts`;
const services = `${group}/Microsoft.MachineLearningServices/workspaces`;
const clusters = `${group}/Microsoft.MachineLearningCompute/operationalizationClusters`;

/** Official examples of the operations that are simulated. */
const examples = [
  ['machinelearningexperimentation-2017-05-01-preview/GetAccount', `${experimentation}/a`, 'Accounts_Get'],
  [
    'machinelearningexperimentation-2017-05-01-preview/ListAccountResourceGroup',
    experimentation,
    'Accounts_ListByResourceGroup',
  ],
  [
    'machinelearningexperimentation-2017-05-01-preview/WorkspaceGet',
    `${experimentation}/a/workspaces/w`,
    'Workspaces_Get',
  ],
  [
    'machinelearningexperimentation-2017-05-01-preview/GetProject',
    `${experimentation}/a/workspaces/w/projects/p`,
    'Projects_Get',
  ],
  [
    'machinelearningservices-2018-03-01-preview/getComputes',
    `${services}/w/computes`,
    'MachineLearningCompute_ListByWorkspace',
  ],
  [
    'machinelearningservices-2018-03-01-preview/getAKSCompute',
    `${services}/w/computes/c`,
    'MachineLearningCompute_Get',
  ],
  [
    'machinelearningservices-2018-03-01-preview/getBatchAICompute',
    `${services}/w/computes/c`,
    'MachineLearningCompute_Get',
  ],
  ['machinelearningservices-2018-03-01-preview/getWorkspace', `${services}/w`, 'Workspaces_Get'],
  [
    'machinelearningcompute-2017-06-01-preview/OperationalizationClusters_Get',
    `${clusters}/c`,
    'OperationalizationClusters_Get',
  ],
  [
    'machinelearningcompute-2017-06-01-preview/OperationalizationClusters_ListByResourceGroup',
    clusters,
    'OperationalizationClusters_ListByResourceGroup',
  ],
] as const;

describe('the checker of Azure ML answers', () => {
  test.each(examples)('accepts the official example %s', (file, path, operation) => {
    const text = readFileSync(`${contractsFolder}specs/examples/${file}.json`, 'utf8');
    const { body } = exampleSchema.parse(JSON.parse(text)).responses['200'] ?? {};
    expect(learningFindings({ method: 'GET', path, status: 200, operation, json: body })).toEqual([]);
  });

  const account = {
    location: 'East US',
    properties: { vsoAccountId: 'v', keyVaultId: 'k', storageAccount: { storageAccountId: 's', accessKey: 'a' } },
  };
  const path = `${experimentation}/a`;

  test.each([
    ['an unknown member', 'Accounts_Get', { ...account, colour: 'red' }],
    ['a missing member', 'Accounts_Get', { ...account, properties: { vsoAccountId: 'v' } }],
    ['a wrong type', 'Accounts_Get', { ...account, location: 5 }],
    ['another operation', 'Accounts_List', account],
  ])('objects to %s', (_, operation, json) => {
    expect(learningFindings({ method: 'GET', path, status: 200, operation: 'Accounts_Get', json: account })).toEqual(
      [],
    );
    expect(learningFindings({ method: 'GET', path, status: 200, operation, json })).not.toEqual([]);
  });

  test('objects to a compute with members of another type, to a bad status and to what is neither published nor transcribed', () => {
    const compute = { properties: { computeType: 'AKS', properties: { vmPriority: 'a', agentCount: 3 } } };
    const operation = 'MachineLearningCompute_Get';
    expect(
      learningFindings({ method: 'GET', path: `${services}/w/computes/c`, status: 200, operation, json: compute }),
    ).not.toEqual([]);
    expect(learningFindings({ method: 'DELETE', path, status: 202, operation: 'Accounts_Delete' })).not.toEqual([]);
    expect(
      learningFindings({ method: 'GET', path: '/api/x', status: 200, operation: 'ListThings', json: {} }),
    ).not.toEqual([]);
    const missing = { method: 'GET', path: '/api/x', status: 200, operation: 'GetModel', json: { id: 'x' } };
    expect(learningFindings(missing)).not.toEqual([]);
  });
});

describe('the simulated operations', () => {
  test('every operation of the successor is published under its name, or named in angle brackets', () => {
    const published = (['history', 'artifact', 'modelmanagement'] as const).flatMap(publishedOperations);
    for (const { route, name } of successorOperations) {
      if (!name.startsWith('<')) expect(published).toContain(`${route.split(' ')[0]} ${name}`);
    }
  });

  test('every operation behind the resource manager is published under its name, or named in angle brackets', () => {
    const published = (['experimentation', 'compute', 'services'] as const).flatMap(publishedOperations);
    for (const { route, name } of armOperations) {
      if (!name.startsWith('<')) expect(published).toContain(`${route.split(' ')[0]} ${name}`);
    }
  });
});
