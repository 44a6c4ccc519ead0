import type { TokenCredential } from '@azure/identity';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { guarded } from './failure.ts';

/** The one container and the queues that the app works on. Every store takes this. */
export interface Storage {
  readonly container: ContainerClient;
  /** The account that the container is in. */
  readonly account: BlobServiceClient;
  readonly queues: QueueServiceClient;
}

export type StorageSettings =
  | { readonly connection: string }
  | { readonly accountName: string; readonly credential: TokenCredential };

/** Short and few: a function that waits longer gives its message back instead. The server ends a try after 30 seconds. */
const OPTIONS = {
  retryOptions: { maxTries: 4, retryDelayInMs: 200, maxRetryDelayInMs: 2000, tryTimeoutInMs: 30_000 },
};

/** One pair of clients for the whole process: they share the SDK's keep-alive connections. Nothing is asked of the service yet. */
export function openStorage(settings: StorageSettings, containerName = 'dsr'): Storage {
  if ('connection' in settings) {
    const account = BlobServiceClient.fromConnectionString(settings.connection, OPTIONS);
    const queues = QueueServiceClient.fromConnectionString(settings.connection, OPTIONS);
    return { account, container: account.getContainerClient(containerName), queues };
  }
  const address = (service: string) => `https://${settings.accountName}.${service}.core.windows.net`;
  const account = new BlobServiceClient(address('blob'), settings.credential, OPTIONS);
  const queues = new QueueServiceClient(address('queue'), settings.credential, OPTIONS);
  return { account, container: account.getContainerClient(containerName), queues };
}

/** Makes the container where it is missing; to be called once at start. */
export async function ensureContainer(storage: Storage): Promise<void> {
  await guarded('create container', storage.container.containerName, () => storage.container.createIfNotExists());
}
