import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';
import { type HistoryEvent, historyEventSchema } from '../protocol/events.ts';

const eventText = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(historyEventSchema);
const messageSchema = z.object({ number: z.number(), execution_id: z.string().nullable(), event: eventText });
const addressSchema = z.object({ instance_id: z.string() });
const eventSchema = z.object({ event: eventText });

/** Something that an orchestration hasn't seen yet. With an execution id it is meant for that generation only. */
export interface Message {
  readonly number: number;
  readonly executionId: string | null;
  readonly event: HistoryEvent;
}

/** What waits to be seen by orchestrations, in the order of arrival. */
export class MessageTable {
  readonly #append: StatementSync;
  readonly #pending: StatementSync;
  readonly #remove: StatementSync;
  readonly #clear: StatementSync;
  readonly #addresses: StatementSync;

  constructor(sql: DatabaseSync) {
    this.#append = sql.prepare('INSERT INTO messages (instance_id, execution_id, event) VALUES (?, ?, ?)');
    this.#pending = sql.prepare(
      'SELECT number, execution_id, event FROM messages WHERE instance_id = ? ORDER BY number',
    );
    this.#remove = sql.prepare('DELETE FROM messages WHERE instance_id = ? AND number <= ?');
    this.#clear = sql.prepare('DELETE FROM messages WHERE instance_id = ?');
    this.#addresses = sql.prepare('SELECT DISTINCT instance_id FROM messages');
  }

  append(instanceId: string, executionId: string | null, event: HistoryEvent): void {
    this.#append.run(instanceId, executionId, JSON.stringify(event));
  }

  pending(instanceId: string): Message[] {
    return this.#pending.all(instanceId).map((row) => {
      const { number, execution_id: executionId, event } = messageSchema.parse(row);
      return { number, executionId, event };
    });
  }

  /** Removes an instance's messages up to and with a number. */
  removeThrough(instanceId: string, number: number): void {
    this.#remove.run(instanceId, number);
  }

  clear(instanceId: string): void {
    this.#clear.run(instanceId);
  }

  /** Every instance with something to see. */
  addresses(): string[] {
    return this.#addresses.all().map((row) => addressSchema.parse(row).instance_id);
  }
}

/** What orchestrations have seen and done in their present generation. */
export class HistoryTable {
  readonly #append: StatementSync;
  readonly #read: StatementSync;
  readonly #clear: StatementSync;

  constructor(sql: DatabaseSync) {
    this.#append = sql.prepare('INSERT INTO history (instance_id, execution_id, event) VALUES (?, ?, ?)');
    this.#read = sql.prepare('SELECT event FROM history WHERE instance_id = ? AND execution_id = ? ORDER BY number');
    this.#clear = sql.prepare('DELETE FROM history WHERE instance_id = ?');
  }

  append(instanceId: string, executionId: string, events: readonly HistoryEvent[]): void {
    for (const event of events) this.#append.run(instanceId, executionId, JSON.stringify(event));
  }

  read(instanceId: string, executionId: string): HistoryEvent[] {
    return this.#read.all(instanceId, executionId).map((row) => eventSchema.parse(row).event);
  }

  clear(instanceId: string): void {
    this.#clear.run(instanceId);
  }
}
