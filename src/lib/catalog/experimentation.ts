import { artifactFamilies } from './experimentation-artifacts.ts';
import { runHistoryFamilies } from './experimentation-history.ts';
import { accountRoute, arm, getProject, getWorkspace, project, workspace } from './experimentation-levels.ts';
import { type Branch, type Family, RESOURCE_TAGS } from './family.ts';
import type { Operation } from './operation.ts';

/* Azure ML Experimentation accounts, workspaces, projects: machinelearningexperimentation-2017-05-01-preview.json (endpoints.md 6-8, 35-37). */

/** What goes with a project (shared/seeds, S0: "are all deleted after deleting the corresponding project document"). */
const WITH_PROJECT = [
  'exp-runs',
  'exp-experiments',
  'exp-run-metrics',
  'exp-run-artifacts',
  'exp-assets',
  'exp-artifacts',
  'exp-notifications',
];

const getAccount: Operation = {
  ...arm,
  operation: 'Accounts_Get',
  route: `GET ${accountRoute}`,
  seed: 'S0',
  row: '35',
  paging: { by: 'single' },
};
const listAccounts: Operation = {
  ...arm,
  operation: 'Accounts_ListByResourceGroup',
  route: 'GET /providers/Microsoft.MachineLearningExperimentation/accounts',
  seed: 'extra',
  row: 'H1',
  paging: { by: 'next-link' },
};

const projects: Family = {
  family: 'exp-projects',
  title: 'Projects',
  persons: RESOURCE_TAGS,
  personsWithin: 'exp-runs',
  target: 'experimentation',
  within: [workspace],
  list: [project.list],
  identity: 'name~',
  parameter: 'projectName',
  read: getProject,
  erase: {
    by: 'call',
    operation: {
      ...arm,
      operation: 'Projects_Delete',
      route: `DELETE ${accountRoute}/workspaces/{workspaceName}/projects/{projectName}`,
      seed: 'S0',
      row: '6',
      goneIs204: true,
    },
    cascades: WITH_PROJECT,
  },
  after: [],
  proof: { by: 'item', read: getProject, control: getWorkspace },
};

const workspaces: Family = {
  family: 'exp-workspaces',
  title: 'Workspaces',
  persons: RESOURCE_TAGS,
  target: 'experimentation',
  within: [],
  list: [workspace.list],
  identity: 'name~',
  parameter: 'workspaceName',
  read: getWorkspace,
  erase: {
    by: 'call',
    operation: {
      ...arm,
      operation: 'Workspaces_Delete',
      route: `DELETE ${accountRoute}/workspaces/{workspaceName}`,
      seed: 'S0',
      row: '7',
      goneIs204: true,
    },
    contains: ['exp-projects'],
  },
  after: ['exp-projects'],
  proof: { by: 'item', read: getWorkspace, control: getAccount },
};

const accounts: Family = {
  family: 'exp-account',
  title: 'Experimentation account',
  persons: RESOURCE_TAGS,
  target: 'experimentation',
  within: [],
  list: [getAccount],
  identity: 'name~',
  parameter: 'accountName',
  read: getAccount,
  erase: {
    by: 'call',
    operation: {
      ...arm,
      operation: 'Accounts_Delete',
      route: `DELETE ${accountRoute}`,
      seed: 'S0',
      row: '8',
      goneIs204: true,
    },
    contains: ['exp-workspaces'],
  },
  after: ['exp-workspaces'],
  proof: { by: 'item', read: getAccount, control: listAccounts },
};

const account = '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}';
const provider = '/providers/Microsoft.MachineLearningExperimentation/accounts/{accountName}';

export const experimentation: Branch = {
  target: 'experimentation',
  bases: {
    arm: `https://management.azure.com${account}`,
    history: `https://{location}.experiments.azureml.net/history/v1.0${account}${provider}`,
    artifact: `https://{location}.experiments.azureml.net/artifact/v1.0${account}${provider}`,
    notification: `https://{location}.experiments.azureml.net/notification/v1.0${account}${provider}`,
  },
  values: {
    location: 'location',
    subscriptionId: 'subscriptionId',
    resourceGroupName: 'resourceGroup',
    accountName: 'account',
  },
  hosts: ['management.azure.com', '.azureml.net'],
  families: [accounts, workspaces, projects, ...runHistoryFamilies, ...artifactFamilies],
  byHand: [
    {
      what: 'Artifacts of other origins than ExperimentRun',
      sentence:
        'Artifacts are looked for where runs keep theirs, by the origin ExperimentRun and the run’s container. No document names other origins, and no call lists them or their containers; what a project holds there goes with the project, and is not exported.',
    },
    { what: 'Telemetry', sentence: 'Telemetry data can be accessed through the Azure Privacy portal.' },
    {
      what: 'Storage account, key vault and version control of the account',
      sentence:
        'They are separate resources that the account only names; they are not touched (contradictions.md, section 5).',
    },
  ],
};
