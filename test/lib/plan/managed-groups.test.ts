import { expect, test } from 'vitest';
import { familyNamed } from '../../../src/lib/catalog/catalog.ts';
import { managedGroups } from '../../../src/lib/plan/managed-groups.ts';
import { recordedBody } from '../../end-to-end/support/recorded.ts';
import { found } from '../../end-to-end/support/until.ts';

const survives = found(familyNamed('operationalization-clusters').infrastructure?.survives);
const idIn = (group: string) => ({
  resourceId: `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/a`,
});

test('a recorded cluster names the resource group that its deletion leaves behind', () => {
  const cluster = recordedBody('GetCluster', /operationalizationClusters\/[^/?]+\?/);
  expect(managedGroups(cluster, survives)).toEqual(['mlcrp-dotnet-test-get1619-azureml-c36da']);
});

test.each([
  ['named twice, in whatever case', ['g-azureml-1f', 'G-AZUREML-1F'], ['G-AZUREML-1F']],
  ['two of them', ['g-azureml-1f', 'g-azureml-2e'], ['g-azureml-1f', 'g-azureml-2e']],
  ['a group of its owner, which the service did not make', ['shared-storage', 'g-azureml-1f'], ['g-azureml-1f']],
  ['none of them', ['shared-storage', 'shared-registry'], []],
])('%s', (_, [storage = '', registry = ''], groups) => {
  const properties = { storageAccount: idIn(storage), containerRegistry: idIn(registry) };
  expect(managedGroups({ properties }, survives)).toEqual(groups);
});

test.each([
  undefined,
  null,
  'text',
  {},
  { properties: { storageAccount: null, containerRegistry: { resourceId: 7 } } },
])('%j names none', (document) => expect(managedGroups(document, survives)).toEqual([]));
