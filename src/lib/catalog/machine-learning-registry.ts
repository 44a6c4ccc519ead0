import type { Bytes, Family, NamedContent } from './family.ts';
import type { Operation } from './operation.ts';

/*
 * Models, services and assets of a workspace: shared/contracts/specs/mlservices-dataplane-modelManagement-2019-09-30.json. It has no list
 * of images any more.
 */

/** The specification of artifacts, by which its operations are named where they stand in no row of the wire contracts. */
export const ARTIFACT = 'mlservices-dataplane-artifact-2019-09-30.json';

interface Kind {
  readonly family: string;
  readonly title: string;
  readonly plural: string;
  readonly operations: { readonly list: string; readonly read: string; readonly erase: string };
  readonly after: readonly string[];
  readonly longRunning?: true;
  readonly bytes?: Bytes;
}

const common = {
  seed: 'extra',
  row: 'mlservices-dataplane-modelManagement-2019-09-30.json',
  confidence: ['spec'],
} as const satisfies Partial<Operation>;

/** The calls for one artifact name it in the query; without its path they would be about the whole container. */
export const byPath = {
  ...common,
  base: 'artifact',
  row: ARTIFACT,
  requiredQuery: ['path'],
} as const satisfies Partial<Operation>;

export const contentInformation: Operation = {
  ...byPath,
  operation: 'Artifacts_GetContentInformation',
  route: 'GET /artifacts/{origin}/{container}/contentinfo',
};

/**
 * The specification calls a model's `url` "usually a SAS URL"; Microsoft's client registers models as `aml://asset/{id}` and downloads them by
 * the asset's artifacts (azureml-core, `Model.download` and `Model._register_with_asset`).
 */
const named: NamedContent = {
  artifact: 'aml://artifact/',
  asset: 'aml://asset/',
  readAsset: { ...common, operation: 'Assets_QueryById', route: 'GET /assets/{id}' },
  content: contentInformation,
  contents: {
    ...byPath,
    operation: 'Artifacts_ListSasByPrefix',
    route: 'GET /artifacts/{origin}/{container}/prefix/contentinfo',
    paging: { by: 'next-link', token: 'continuationToken' },
  },
};

function familyOf(kind: Kind): Family {
  const list: Operation = {
    ...common,
    operation: kind.operations.list,
    route: `GET /${kind.plural}`,
    paging: { by: 'next-link', token: '$skipToken' },
  };
  const read: Operation = { ...common, operation: kind.operations.read, route: `GET /${kind.plural}/{id}` };
  const erase: Operation = {
    ...common,
    operation: kind.operations.erase,
    route: `DELETE /${kind.plural}/{id}`,
    goneIs204: true,
    ...(kind.longRunning ? { longRunning: true } : {}),
  };
  return {
    family: kind.family,
    title: kind.title,
    target: 'machine-learning',
    within: [],
    list: [list],
    identity: 'id',
    parameter: 'id',
    age: 'createdTime',
    read,
    persons: { mentions: ['kvTags.*', 'properties.*'], objectIds: ['kvTags.*'] },
    ...(kind.bytes ? { bytes: [kind.bytes] } : {}),
    erase: { by: 'call', operation: erase },
    after: kind.after,
    proof: { by: 'item', read, control: list },
  };
}

export const registryFamilies: readonly Family[] = [
  familyOf({
    family: 'ml-services',
    title: 'Web services',
    plural: 'services',
    operations: { list: 'Services_ListQuery', read: 'Services_QueryById', erase: 'Services_Delete' },
    after: [],
    longRunning: true,
  }),
  familyOf({
    family: 'ml-models',
    title: 'Registered models',
    plural: 'models',
    operations: { list: 'MLModels_ListQuery', read: 'MLModels_QueryById', erase: 'MLModels_Delete' },
    after: ['ml-services'],
    bytes: { member: 'url', contentType: 'application/octet-stream', named },
  }),
  familyOf({
    family: 'ml-assets',
    title: 'Assets',
    plural: 'assets',
    operations: { list: 'Assets_ListQuery', read: 'Assets_QueryById', erase: 'Assets_Delete' },
    after: ['ml-models'],
  }),
];
