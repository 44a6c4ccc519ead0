import { type Answer, jsonAnswer } from '../http/message.ts';
import type { ExperimentationAccount, ExperimentationWorkspace, LearningWorld } from '../world/learning/model.ts';
import { keyOf, placeKey } from '../world/learning/place.ts';
import { type ArmCall, type ArmOperation, alreadyGone, type GroupParameters, operationsOf, removed } from './call.ts';
import { accountDocument, experimentationId, projectDocument, workspaceDocument } from './experimentation-documents.ts';
import { armList, within } from './lists.ts';
import { hasNestedResources, resourceNotFound } from './refusals.ts';

const provider = 'Microsoft.MachineLearningExperimentation/accounts';
const accounts =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningExperimentation/accounts';
const account = `${accounts}/{accountName}` as const;
const workspaces = `${account}/workspaces` as const;
const workspace = `${workspaces}/{workspaceName}` as const;
const projects = `${workspace}/projects` as const;
const project = `${projects}/{projectName}` as const;
const operation = operationsOf(['2017-05-01-preview']);

/** Accounts, workspaces and projects of Microsoft.MachineLearningExperimentation. */
export const experimentationOperations: readonly ArmOperation[] = [
  operation(
    'GET /subscriptions/{subscriptionId}/providers/Microsoft.MachineLearningExperimentation/accounts',
    'Accounts_List',
    (call, scope) => armList(call, within(call.learning.experimentationAccounts, scope), accountDocument),
  ),
  operation(`GET ${accounts}`, 'Accounts_ListByResourceGroup', (call, scope) =>
    armList(call, within(call.learning.experimentationAccounts, scope), accountDocument),
  ),
  operation(`GET ${account}`, 'Accounts_Get', (call, names) =>
    jsonAnswer(200, accountDocument(accountOf(call, names))),
  ),
  operation(`DELETE ${account}`, 'Accounts_Delete', deleteAccount),
  operation(`GET ${workspaces}`, 'Workspaces_ListByAccounts', (call, names) => {
    const parent = accountOf(call, names);
    return armList(call, parent.workspaces.values(), (child) => workspaceDocument(parent, child));
  }),
  operation(`GET ${workspace}`, 'Workspaces_Get', (call, names) => {
    const parent = accountOf(call, names);
    return jsonAnswer(200, workspaceDocument(parent, workspaceOf(parent, names)));
  }),
  operation(`DELETE ${workspace}`, 'Workspaces_Delete', deleteWorkspace),
  operation(`GET ${projects}`, 'Projects_ListByWorkspace', (call, names) => {
    const parent = accountOf(call, names);
    const place = { account: parent, workspace: workspaceOf(parent, names) };
    return armList(call, place.workspace.projects.values(), (child) => projectDocument(place, child));
  }),
  operation(`GET ${project}`, 'Projects_Get', (call, names) => {
    const parent = accountOf(call, names);
    const place = { account: parent, workspace: workspaceOf(parent, names) };
    const found = place.workspace.projects.get(names.projectName.toLowerCase());
    if (!found) throw notFound(names, 'workspaces/projects', [names.workspaceName, names.projectName]);
    return jsonAnswer(200, projectDocument(place, found));
  }),
  operation(`DELETE ${project}`, 'Projects_Delete', (call, names) => {
    const found = find(call.learning, names)?.workspaces.get(names.workspaceName.toLowerCase());
    const name = names.projectName.toLowerCase();
    if (!found?.projects.has(name)) return alreadyGone;
    return removed(() => dropProject(call.learning, found, name));
  }),
];

type AccountNames = GroupParameters & { readonly accountName: string };
type WorkspaceNames = AccountNames & { readonly workspaceName: string };

function deleteAccount(call: ArmCall, names: AccountNames): Answer {
  const found = find(call.learning, names);
  if (!found) return alreadyGone;
  const nested = [...found.workspaces.values()];
  refuseNested(
    call,
    nested.map(({ name }) => experimentationId(found, 'workspaces', name)),
  );
  return removed(() => {
    for (const child of nested) dropWorkspace(call.learning, found, child);
    call.learning.experimentationAccounts.delete(keyOf(found));
  });
}

function deleteWorkspace(call: ArmCall, names: WorkspaceNames): Answer {
  const parent = find(call.learning, names);
  const found = parent?.workspaces.get(names.workspaceName.toLowerCase());
  if (!parent || !found) return alreadyGone;
  const below = (name: string) => experimentationId(parent, 'workspaces', found.name, 'projects', name);
  refuseNested(
    call,
    [...found.projects.values()].map(({ name }) => below(name)),
  );
  return removed(() => dropWorkspace(call.learning, parent, found));
}

function refuseNested({ behaviour }: ArmCall, nested: readonly string[]): void {
  if (behaviour.parentsWithChildren === 'refused' && nested.length > 0) throw hasNestedResources(nested);
}

function dropWorkspace(
  learning: LearningWorld,
  parent: ExperimentationAccount,
  workspaceLeft: ExperimentationWorkspace,
): void {
  for (const name of [...workspaceLeft.projects.keys()]) dropProject(learning, workspaceLeft, name);
  parent.workspaces.delete(workspaceLeft.name.toLowerCase());
}

/** Run history, artifacts with their bytes, and notifications go with the project (source document). */
function dropProject({ files }: LearningWorld, { projects }: ExperimentationWorkspace, name: string): void {
  for (const { file } of projects.get(name)?.history.artifacts.values() ?? []) files.delete(file);
  projects.delete(name);
}

function accountOf(call: ArmCall, names: AccountNames): ExperimentationAccount {
  const found = find(call.learning, names);
  if (!found) throw notFound(names, '', []);
  return found;
}

function workspaceOf(parent: ExperimentationAccount, names: WorkspaceNames): ExperimentationWorkspace {
  const found = parent.workspaces.get(names.workspaceName.toLowerCase());
  if (!found) throw notFound(names, 'workspaces', [names.workspaceName]);
  return found;
}

function find(learning: LearningWorld, { subscriptionId, resourceGroupName, accountName }: AccountNames) {
  return learning.experimentationAccounts.get(placeKey(subscriptionId, resourceGroupName, accountName));
}

function notFound(names: AccountNames, below: string, namesBelow: readonly string[]) {
  const type = below === '' ? provider : `${provider}/${below}`;
  return resourceNotFound([type, names.accountName, ...namesBelow].join('/'), names.resourceGroupName);
}
