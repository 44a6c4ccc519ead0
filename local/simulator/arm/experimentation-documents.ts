import type {
  ExperimentationAccount,
  ExperimentationProject,
  ExperimentationWorkspace,
} from '../world/learning/model.ts';
import { regionOf } from '../world/learning/place.ts';
import { plantedSecret } from '../world/learning/secrets.ts';
import { armDate, resourceId } from './resource.ts';

const type = 'Microsoft.MachineLearningExperimentation/accounts';

/** Id of an account, or of what stands below it. */
export function experimentationId(account: ExperimentationAccount, ...below: string[]): string {
  return resourceId(account, [type, account.name, ...below].join('/'));
}

/** Definition `Account`. */
export function accountDocument(account: ExperimentationAccount): object {
  return {
    id: experimentationId(account),
    name: account.name,
    type,
    location: account.location,
    tags: account.tags,
    properties: {
      vsoAccountId: resourceId(account, `microsoft.visualstudio/account/vso${account.name}`),
      accountId: account.accountId,
      description: 'Made by the simulator',
      friendlyName: account.friendlyName,
      keyVaultId: resourceId(account, `Microsoft.KeyVault/vaults/kv${account.name}`),
      seats: '2',
      discoveryUri: `https://${regionOf(account)}.experiments.azureml.net/discovery`,
      creationDate: armDate(account.created),
      storageAccount: {
        storageAccountId: resourceId(account, `Microsoft.Storage/storageAccounts/${account.name.toLowerCase()}`),
        accessKey: plantedSecret('storageAccount.accessKey'),
      },
      provisioningState: 'Succeeded',
    },
  };
}

/** Definition `Workspace`. */
export function workspaceDocument(account: ExperimentationAccount, workspace: ExperimentationWorkspace): object {
  return {
    id: experimentationId(account, 'workspaces', workspace.name),
    name: workspace.name,
    type: `${type}/workspaces`,
    location: account.location,
    tags: {},
    properties: {
      description: workspace.description,
      accountId: account.accountId,
      workspaceId: workspace.workspaceId,
      friendlyName: workspace.friendlyName,
      creationDate: armDate(workspace.created),
      provisioningState: 'Succeeded',
    },
  };
}

/** Where a project stands. */
export interface ProjectPlace {
  readonly account: ExperimentationAccount;
  readonly workspace: ExperimentationWorkspace;
}

/** Definition `Project`. */
export function projectDocument({ account, workspace }: ProjectPlace, project: ExperimentationProject): object {
  return {
    id: experimentationId(account, 'workspaces', workspace.name, 'projects', project.name),
    name: project.name,
    type: `${type}/workspaces/projects`,
    location: account.location,
    tags: {},
    properties: {
      description: project.description,
      accountId: account.accountId,
      workspaceId: workspace.workspaceId,
      projectId: project.projectId,
      gitrepo: `https://${account.name.toLowerCase()}.visualstudio.com/_git/${project.name}`,
      friendlyName: project.friendlyName,
      creationDate: armDate(project.created),
      provisioningState: 'Succeeded',
    },
  };
}
