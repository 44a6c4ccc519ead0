import type { DurableHubOptions } from '../../contract.ts';

/** Where the extension's HTTP API lies on the host. */
export const webhookPath = '/runtime/webhooks/durabletask';

export type LinkOptions = Pick<DurableHubOptions, 'taskHubName' | 'systemKey'>;

/** What the client library replaces by an instance's id. */
const instancePlaceholder = 'INSTANCEID';

/** The URLs at which one instance is managed; they carry the system key. `baseUrl` is the host's own, without a slash at its end. */
export function managementUrls(baseUrl: string, instanceId: string, options: LinkOptions) {
  const instance = `${baseUrl}${webhookPath}/instances/${encodeURIComponent(instanceId)}`;
  const query = `taskHub=${encodeURIComponent(options.taskHubName)}&connection=Storage&${keyQuery(options)}`;
  const withReason = (operation: string): string => `${instance}/${operation}?reason={text}&${query}`;
  return {
    id: instanceId,
    statusQueryGetUri: `${instance}?${query}`,
    sendEventPostUri: `${instance}/raiseEvent/{eventName}?${query}`,
    terminatePostUri: withReason('terminate'),
    rewindPostUri: withReason('rewind'),
    purgeHistoryDeleteUri: `${instance}?${query}`,
    restartPostUri: `${instance}/restart?${query}`,
    suspendPostUri: withReason('suspend'),
    resumePostUri: withReason('resume'),
  };
}

/**
 * JSON text of a `durableClient` binding's value. It has no `rpcBaseUrl`: that member stands for a second, unguarded listener of the genuine
 * extension; without it the library takes the webhook URLs below, which reach the same API with the system key.
 */
export function clientBinding(baseUrl: string, options: LinkOptions): string {
  const create = `${baseUrl}${webhookPath}/orchestrators/{functionName}[/{instanceId}]`;
  return JSON.stringify({
    taskHubName: options.taskHubName,
    creationUrls: {
      createNewInstancePostUri: `${create}?${keyQuery(options)}`,
      createAndWaitOnNewInstancePostUri: `${create}?timeout={timeoutInSeconds}&pollingInterval={intervalInSeconds}&${keyQuery(options)}`,
    },
    managementUrls: managementUrls(baseUrl, instancePlaceholder, options),
    baseUrl: `${baseUrl}${webhookPath}`,
    requiredQueryStringParameters: keyQuery(options),
  });
}

function keyQuery({ systemKey }: LinkOptions): string {
  return `code=${encodeURIComponent(systemKey)}`;
}
