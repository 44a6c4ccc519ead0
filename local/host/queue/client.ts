import { type QueueClient, QueueServiceClient } from '@azure/storage-queue';

/** Queue clients by connection setting and name; one HTTP pipeline for each connection. */
export class QueueClients {
  readonly #settings: Readonly<Record<string, string>>;
  readonly #services = new Map<string, QueueServiceClient>();
  readonly #created = new Map<string, Promise<QueueClient>>();

  constructor(settings: Readonly<Record<string, string>>) {
    this.#settings = settings;
  }

  #service(connection: string): QueueServiceClient {
    // A binding may name its setting with or without this prefix, as on the genuine host.
    const text = this.#settings[connection] ?? this.#settings[`AzureWebJobs${connection}`];
    if (!text) throw new Error(`No app setting "${connection}" with a storage connection string`);
    const known = this.#services.get(connection) ?? QueueServiceClient.fromConnectionString(text);
    this.#services.set(connection, known);
    return known;
  }

  /** @throws when the connection's setting is missing. */
  get(connection: string, queueName: string): QueueClient {
    return this.#service(connection).getQueueClient(queueName);
  }

  /** The same, and the queue is there; asked of the service once a run. */
  existing(connection: string, queueName: string): Promise<QueueClient> {
    const key = `${connection}/${queueName}`;
    const known = this.#created.get(key) ?? this.#create(connection, queueName);
    this.#created.set(key, known);
    known.catch(() => this.#created.delete(key));
    return known;
  }

  async #create(connection: string, queueName: string): Promise<QueueClient> {
    const client = this.get(connection, queueName);
    await client.createIfNotExists();
    return client;
  }
}
