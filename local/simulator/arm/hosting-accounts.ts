import { jsonAnswer } from '../http/message.ts';
import type { HostingAccount, LearningWorld } from '../world/learning/model.ts';
import { keyOf, placeKey } from '../world/learning/place.ts';
import { type ArmOperation, alreadyGone, type GroupParameters, operationsOf, removed } from './call.ts';
import { armList, within } from './lists.ts';
import { resourceNotFound } from './refusals.ts';
import { armDate, resourceId } from './resource.ts';

const type = 'Microsoft.MachineLearningModelManagement/accounts';
const accounts =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Microsoft.MachineLearningModelManagement/accounts';
const operation = operationsOf(['2017-09-01-preview']);

/** Accounts of Microsoft.MachineLearningModelManagement; nothing is published, the names are ours (endpoints.md, rows 1, 9, H4). */
export const hostingAccountOperations: readonly ArmOperation[] = [
  operation(
    'GET /subscriptions/{subscriptionId}/providers/Microsoft.MachineLearningModelManagement/accounts',
    '<ListHostingAccounts>',
    (call, scope) => armList(call, within(call.learning.hostingAccounts, scope), accountDocument),
  ),
  operation(`GET ${accounts}`, '<ListHostingAccountsInGroup>', (call, scope) =>
    armList(call, within(call.learning.hostingAccounts, scope), accountDocument),
  ),
  operation(`GET ${accounts}/{accountName}`, '<GetHostingAccount>', (call, names) => {
    const found = find(call.learning, names);
    if (!found) throw resourceNotFound(`${type}/${names.accountName}`, names.resourceGroupName);
    return jsonAnswer(200, accountDocument(found));
  }),
  /** Takes its data plane with it; whether the real one does is documented nowhere. */
  operation(`DELETE ${accounts}/{accountName}`, '<DeleteHostingAccount>', ({ learning }, names) => {
    const found = find(learning, names);
    if (!found) return alreadyGone;
    return removed(() => {
      for (const { file } of found.registry.models.values()) learning.files.delete(file);
      for (const { file } of found.registry.manifests.values()) learning.files.delete(file);
      learning.hostingAccounts.delete(keyOf(found));
    });
  }),
];

type Names = GroupParameters & { readonly accountName: string };

function find(learning: LearningWorld, { subscriptionId, resourceGroupName, accountName }: Names) {
  return learning.hostingAccounts.get(placeKey(subscriptionId, resourceGroupName, accountName));
}

/** The base of an account's data plane. */
export function dataPlaneBase(account: HostingAccount): string {
  const { subscriptionId, resourceGroup, name } = account;
  return `https://${account.dataHost}/api/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/accounts/${name}`;
}

function accountDocument(account: HostingAccount): object {
  return {
    id: resourceId(account, `${type}/${account.name}`),
    name: account.name,
    type,
    location: account.location,
    tags: account.tags,
    sku: { name: 'S1', capacity: 1 },
    properties: {
      description: account.description,
      createdOn: armDate(account.created),
      modifiedOn: armDate(account.created + 3_600_000),
      ...(account.tellsHost && { modelManagementSwaggerLocation: `${dataPlaneBase(account)}/swagger.json` }),
    },
  };
}
