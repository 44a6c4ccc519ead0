import type { Family, Level, Persons } from './family.ts';
import type { Operation } from './operation.ts';

/** The way from an experimentation account down to a run. Shared by all families of the branch. */
export const accountRoute = '/providers/Microsoft.MachineLearningExperimentation/accounts/{accountName}';
export const projectRoute = '/workspaces/{workspaceName}/projects/{projectName}';

/** What all calls of the resource manager have in common here. */
export const arm = {
  base: 'arm',
  query: { 'api-version': '2017-05-01-preview' },
  confidence: ['spec'],
} as const satisfies Partial<Operation>;

export const getWorkspace: Operation = {
  ...arm,
  operation: 'Workspaces_Get',
  route: `GET ${accountRoute}/workspaces/{workspaceName}`,
  seed: 'S0',
  row: '36',
};
export const getProject: Operation = {
  ...arm,
  operation: 'Projects_Get',
  route: `GET ${accountRoute}/workspaces/{workspaceName}/projects/{projectName}`,
  seed: 'S0',
  row: '37',
};

export const workspace: Level = {
  name: 'workspace',
  list: {
    ...arm,
    operation: 'Workspaces_ListByAccounts',
    route: `GET ${accountRoute}/workspaces`,
    seed: 'extra',
    row: 'H2',
    paging: { by: 'next-link' },
  },
  read: getWorkspace,
  // Children may come back as "account/workspace" or by their plain name (contradictions.md, 8).
  identity: 'name~',
  parameter: 'workspaceName',
};

export const project: Level = {
  name: 'project',
  list: {
    ...arm,
    operation: 'Projects_ListByWorkspace',
    route: `GET ${accountRoute}/workspaces/{workspaceName}/projects`,
    seed: 'extra',
    row: 'H3',
    paging: { by: 'next-link' },
  },
  // On another host than the project's stores: for their lists it is no control.
  read: getProject,
  identity: 'name~',
  parameter: 'projectName',
  personsWithin: 'exp-runs',
};

/** The data plane's lists: no api-version; `{value, continuationToken, nextLink}` by analogy with the service of 2019. */
export const inferredList = {
  confidence: ['inf-H'],
  paging: { by: 'next-link', token: '$continuationtoken' },
} as const satisfies Partial<Operation>;

export const listRuns: Operation = {
  ...inferredList,
  operation: 'Run history · List runs',
  base: 'history',
  route: `GET ${projectRoute}/runs`,
  seed: 'S0',
  row: '22',
};

export const getRun: Operation = {
  operation: 'Run history · Get run',
  base: 'history',
  route: `GET ${projectRoute}/runs/{runId}`,
  seed: 'S0',
  row: '24',
  confidence: ['inf-H'],
};

/** Members in which a run names a person (endpoints.md, section E: "PII and should never be logged"). */
export const RUN_PERSONS: Persons = {
  identity: { 'createdBy.userObjectId': 'objectId', 'createdBy.userName': 'userName', userId: 'objectId' },
  mentions: ['tags.*', 'properties.*'],
};

/**
 * A run keeps its artifacts in a container: the one that it names, or the one that is called like it, by custom `dcid.{runId}`
 * (contradictions.md, 22). Two runs may name the same.
 */
export const RUN_CONTAINER = { in: 'dataContainerId|runId', own: 'runId', prefix: 'dcid.' } as const;

const byRun = {
  list: listRuns,
  persons: RUN_PERSONS,
  // Workspace and project are part of a container's address.
  contained: { ...RUN_CONTAINER, depth: 2 },
} as const satisfies Partial<Level>;

export const run: Level = { ...byRun, name: 'run', read: getRun, identity: 'runId', parameter: 'runId' };

/** Nothing asks for a container by its name. */
export const container: Level = {
  ...byRun,
  name: 'container',
  identity: RUN_CONTAINER.in,
  parameter: 'container',
};

/** Everything here goes when its project goes. */
const withProject = {
  by: 'parent',
  family: 'exp-projects',
  sentence:
    'Run history, artifact, and notification stores for a project are all deleted after deleting the corresponding project document',
} as const;

/** What the families of a project's stores have in common. */
export const inProject = {
  target: 'experimentation',
  within: [workspace, project],
  erase: withProject,
  after: ['exp-projects'],
} as const satisfies Partial<Family>;
