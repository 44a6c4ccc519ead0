import type { Binding, FunctionMetadata, InvocationOutcome, Invoker } from '../contract.ts';
import type { HostJson } from '../host-json.ts';
import type { HostSettings } from '../options.ts';
import { resolveSettings } from '../settings.ts';
import type { SentMessage } from '../worker/sent-messages.ts';
import { QueueClients } from './client.ts';
import { encodeMessage } from './encoding.ts';
import { QueueListener } from './listener.ts';
import { queueMessages } from './output.ts';

export interface QueuesOptions {
  readonly hostJson: HostJson;
  readonly settings: HostSettings;
  readonly log: (line: string) => void;
}

const DEFAULT_CONNECTION = 'AzureWebJobsStorage';
const POISON_SUFFIX = '-poison';

/** Queue triggers and queue outputs of one host. */
export class Queues {
  readonly #options: QueuesOptions;
  readonly #clients: QueueClients;
  readonly #listeners: QueueListener[] = [];
  readonly #stopping = new AbortController();

  constructor(options: QueuesOptions) {
    this.#options = options;
    this.#clients = new QueueClients(options.settings.settings);
  }

  #place(binding: Binding): { connection: string; name: string } {
    const { settings } = this.#options.settings;
    const { connection, queueName } = binding;
    if (typeof queueName !== 'string') throw new Error('A queue binding has no queueName');
    return {
      connection: typeof connection === 'string' && connection !== '' ? connection : DEFAULT_CONNECTION,
      // The genuine host folds the name as well.
      name: resolveSettings(queueName, settings).toLowerCase(),
    };
  }

  /** Makes missing queues and begins to poll. @throws when a setting is missing or the storage can't be reached. */
  async start(functions: readonly FunctionMetadata[], invoker: Invoker): Promise<void> {
    const listeners = functions.flatMap((entry) =>
      Object.entries(entry.bindings)
        .filter(([, binding]) => binding.type === 'queueTrigger')
        .map(([bindingName, binding]) => this.#listener({ functionName: entry.name, bindingName }, binding, invoker)),
    );
    this.#listeners.push(...(await Promise.all(listeners)));
    for (const listener of this.#listeners) listener.start();
  }

  async #listener(target: { functionName: string; bindingName: string }, binding: Binding, invoker: Invoker) {
    const { hostJson, settings, log } = this.#options;
    const { connection, name } = this.#place(binding);
    const options = hostJson.extensions.queues;
    const queue = await this.#clients.existing(connection, name);
    const poison = () => this.#clients.existing(connection, `${name}${POISON_SUFFIX}`);
    const processing = {
      target,
      queue,
      poison: name.endsWith(POISON_SUFFIX) ? undefined : poison,
      options,
      leaseSeconds: settings.messageLeaseSeconds,
      invoker,
      log,
      stopping: this.#stopping.signal,
    };
    return new QueueListener(processing, Math.min(settings.maxPollingMilliseconds, options.maxPollingInterval));
  }

  /** A worker has put a message there by itself. Which account it is in doesn't matter: to ask once too often is harmless. */
  notifySent({ queue, delaySeconds }: SentMessage): void {
    for (const listener of this.#listeners) if (listener.queueName === queue) listener.notifyIn(delaySeconds);
  }

  #notify(queueUrl: string): void {
    for (const listener of this.#listeners) if (listener.queueUrl === queueUrl) listener.notify();
  }

  /**
   * Sends what a completed invocation put into its queue outputs.
   * @throws when the storage refuses: the invocation then counts as failed, as on the genuine host.
   */
  async sendOutputs(entry: FunctionMetadata, outcome: InvocationOutcome & { kind: 'completed' }): Promise<void> {
    const values = new Map(outcome.outputData.map(({ name, data }) => [name, data]));
    if (outcome.returnValue) values.set('$return', outcome.returnValue);
    for (const [name, binding] of Object.entries(entry.bindings)) {
      const value = values.get(name);
      if (binding.type !== 'queue' || binding.direction !== 'out' || value === undefined) continue;
      const place = this.#place(binding);
      const client = await this.#clients.existing(place.connection, place.name);
      const { messageEncoding } = this.#options.hostJson.extensions.queues;
      for (const text of queueMessages(value)) await client.sendMessage(encodeMessage(text, messageEncoding));
      this.#notify(client.url);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#listeners.map((listener) => listener.stop()));
  }
}
