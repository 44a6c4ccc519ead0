import { expect, it } from 'vitest';
import { branchOf } from '../../src/lib/catalog/catalog.ts';
import { serviceVersions } from '../../src/lib/catalog/service-versions.ts';
import { targetSchema } from '../../src/lib/domain/target.ts';

const place = { name: 't', subscriptionId: '7c0d2f6e-1b7a-4c55-9d3e-2f1a6b8c9d01', resourceGroup: 'g' };
const region = { ...place, location: 'eastus2' };
const vision = {
  kind: 'custom-vision',
  name: 't',
  endpoint: 'https://x.example',
  signIn: { kind: 'key', setting: 'K' },
};

it.each([
  [{ ...vision, version: '3.0' }, ['customvision/v3.0']],
  [{ ...vision, accountVersion: '1.2' }, ['customvision/v1.2', 'customvision/v3.3']],
  [{ ...region, kind: 'model-management', account: 'a' }, ['2017-09-01-preview']],
  [
    { ...region, kind: 'experimentation', account: 'accounts' },
    ['2017-05-01-preview', 'artifact/v1.0', 'history/v1.0', 'notification/v1.0'],
  ],
  [{ ...region, kind: 'machine-learning', workspace: 'w' }, ['artifact/v2.0', 'history/v1.0', 'modelmanagement/v1.0']],
  [{ ...place, kind: 'computes', workspace: 'w' }, ['2018-03-01-preview']],
  [{ ...place, kind: 'clusters' }, ['2017-06-01-preview']],
])('%o speaks %j', (given, versions) => {
  const target = targetSchema.parse(given);
  expect(serviceVersions(target, branchOf(target.kind)?.families ?? [])).toEqual(versions);
});
