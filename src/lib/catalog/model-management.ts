import { type Branch, type Bytes, type Family, type Persons, RESOURCE_TAGS } from './family.ts';
import type { Operation } from './operation.ts';

/*
 * Azure ML Model Management: the account (resource manager) and its data plane, shared/contracts/endpoints.md, rows 1-5 and 9-17. Nothing
 * of it is published as a specification; D-MMA and D-MMS are Microsoft's reference pages.
 */
const query = { 'api-version': '2017-09-01-preview' } as const;
const paging = { by: 'next-link' } as const;
const documented = ['doc'] as const;

const getAccount: Operation = {
  operation: 'MM account · Get',
  base: 'arm',
  route: 'GET /providers/Microsoft.MachineLearningModelManagement/accounts/{accountName}',
  seed: 'S0',
  row: '9',
  confidence: documented,
  query,
  paging: { by: 'single' },
};

/** List, read and delete of one kind of document of the data plane: the same three routes for each. */
const documentOf = (
  plural: string,
  parameter: string,
  rows: { list: string; read: string; erase: string; eraseConfidence: Operation['confidence'] },
) => ({
  list: {
    operation: `MMS · List ${plural}`,
    route: `GET /${plural}`,
    seed: 'S0',
    row: rows.list,
    confidence: documented,
    query,
    paging,
  } satisfies Operation,
  read: {
    operation: `MMS · Get ${plural.slice(0, -1)}`,
    route: `GET /${plural}/{${parameter}}`,
    seed: 'S0',
    row: rows.read,
    confidence: documented,
    query,
  } satisfies Operation,
  erase: {
    operation: `MMS · Delete ${plural.slice(0, -1)}`,
    route: `DELETE /${plural}/{${parameter}}`,
    seed: 'S0',
    row: rows.erase,
    confidence: rows.eraseConfidence,
    query,
    longRunning: true,
    goneIs204: true,
  } satisfies Operation,
});

interface Kind {
  readonly family: string;
  readonly title: string;
  readonly plural: string;
  readonly parameter: string;
  readonly identity: string;
  readonly after: readonly string[];
  readonly persons?: Persons;
  readonly bytes?: Bytes;
  /** The service calls it differently from kind to kind. */
  readonly age: string;
  readonly rows: { list: string; read: string; erase: string; eraseConfidence: Operation['confidence'] };
}

function familyOf(kind: Kind): Family {
  const operations = documentOf(kind.plural, kind.parameter, kind.rows);
  return {
    family: kind.family,
    title: kind.title,
    target: 'model-management',
    within: [],
    list: [operations.list],
    identity: kind.identity,
    parameter: kind.parameter,
    age: kind.age,
    read: operations.read,
    ...(kind.persons ? { persons: kind.persons } : {}),
    ...(kind.bytes ? { bytes: [kind.bytes] } : {}),
    erase: { by: 'call', operation: operations.erase },
    after: kind.after,
    proof: { by: 'item', read: operations.read, control: operations.list },
  };
}

/** The order is safe whether or not upstream refuses what is still referenced (contradictions.md, section 5). */
const services = familyOf({
  family: 'mm-services',
  title: 'Web services',
  plural: 'services',
  parameter: 'id',
  age: 'createdAt',
  // The reference page writes `ID` for services alone (contradictions.md, 12).
  identity: 'id|ID',
  after: [],
  rows: { list: '14', read: '15', erase: '4', eraseConfidence: documented },
});
const images = familyOf({
  family: 'mm-images',
  title: 'Container images',
  plural: 'images',
  parameter: 'imageId',
  age: 'createdTime',
  identity: 'id|ID',
  after: ['mm-services'],
  rows: { list: '16', read: '17', erase: '5', eraseConfidence: ['inf-M'] },
});
const manifests = familyOf({
  family: 'mm-manifests',
  title: 'Manifests',
  plural: 'manifests',
  parameter: 'manifestId',
  age: 'createdTime',
  identity: 'id|ID',
  after: ['mm-services', 'mm-images'],
  // The driver program and whatever else was registered with it.
  bytes: { each: 'assets', member: 'url', contentType: 'application/octet-stream' },
  rows: { list: '12', read: '13', erase: '3', eraseConfidence: ['inf-M'] },
});
const models = familyOf({
  family: 'mm-models',
  title: 'Registered models',
  persons: { mentions: ['tags.*'], objectIds: ['tags.*'] },
  bytes: { member: 'url', contentType: 'application/octet-stream' },
  plural: 'models',
  parameter: 'modelId',
  age: 'createdAt',
  identity: 'id|ID',
  after: ['mm-services', 'mm-images', 'mm-manifests'],
  rows: { list: '10', read: '11', erase: '2', eraseConfidence: ['inf-H'] },
});

const listAccounts: Operation = {
  operation: 'MM accounts · List',
  base: 'arm',
  route: 'GET /providers/Microsoft.MachineLearningModelManagement/accounts',
  seed: 'extra',
  row: 'H4',
  confidence: documented,
  query,
  paging,
};

const account: Family = {
  family: 'mm-account',
  title: 'Hosting account',
  persons: RESOURCE_TAGS,
  target: 'model-management',
  within: [],
  list: [getAccount],
  identity: 'name~',
  parameter: 'accountName',
  read: getAccount,
  erase: {
    by: 'call',
    operation: {
      operation: 'MM account · Delete',
      base: 'arm',
      route: 'DELETE /providers/Microsoft.MachineLearningModelManagement/accounts/{accountName}',
      seed: 'S0',
      row: '1',
      confidence: documented,
      query,
      goneIs204: true,
    },
    contains: ['mm-services', 'mm-images', 'mm-manifests', 'mm-models'],
  },
  after: ['mm-services', 'mm-images', 'mm-manifests', 'mm-models'],
  proof: { by: 'item', read: getAccount, control: listAccounts },
};

export const modelManagement: Branch = {
  target: 'model-management',
  bases: {
    main: 'https://{location}.modelmanagement.azureml.net/api/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/accounts/{accountName}',
    arm: 'https://management.azure.com/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}',
  },
  values: {
    location: 'location',
    subscriptionId: 'subscriptionId',
    resourceGroupName: 'resourceGroup',
    accountName: 'account',
  },
  hosts: ['management.azure.com', '.azureml.net'],
  discover: { base: 'main', read: getAccount, member: 'properties.modelManagementSwaggerLocation' },
  families: [account, models, manifests, services, images],
  byHand: [{ what: 'Telemetry', sentence: 'Telemetry data can be accessed through the Azure Privacy portal.' }],
};
