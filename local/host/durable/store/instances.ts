import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';

export const endedStatuses = ['Completed', 'Failed', 'Terminated', 'Canceled'] as const;
const statusSchema = z.enum(['Pending', 'Running', 'Suspended', 'ContinuedAsNew', ...endedStatuses]);
export type RuntimeStatus = z.infer<typeof statusSchema>;

const rowSchema = z
  .object({
    number: z.number(),
    instance_id: z.string(),
    execution_id: z.string(),
    name: z.string(),
    version: z.string().nullable(),
    input: z.string().nullable(),
    output: z.string().nullable(),
    status: statusSchema,
    custom_status: z.string().nullable(),
    created_at: z.number(),
    updated_at: z.number(),
    parent_instance_id: z.string().nullable(),
    parent_execution_id: z.string().nullable(),
    parent_task_id: z.number().nullable(),
  })
  .transform((row) => ({
    number: row.number,
    instanceId: row.instance_id,
    executionId: row.execution_id,
    name: row.name,
    version: row.version,
    input: row.input,
    output: row.output,
    status: row.status,
    customStatus: row.custom_status,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    parent: parentOf(row.parent_instance_id, row.parent_execution_id, row.parent_task_id),
  }));

/** One orchestration. Input, output and custom status are JSON text; times are milliseconds since the epoch. */
export type Instance = z.infer<typeof rowSchema>;

/** The task of another orchestration that waits for this one. */
export interface Parent {
  readonly instanceId: string;
  readonly executionId: string;
  readonly taskId: number;
}

function parentOf(instanceId: string | null, executionId: string | null, taskId: number | null): Parent | undefined {
  if (instanceId === null || executionId === null || taskId === null) return undefined;
  return { instanceId, executionId, taskId };
}

export function hasEnded(status: RuntimeStatus): boolean {
  return endedStatuses.some((ended) => ended === status);
}

/** Which instances to list; times in milliseconds, both ends included. */
export interface InstanceFilter {
  readonly afterNumber: number;
  readonly limit: number;
  readonly createdFrom: number;
  readonly createdTo: number;
  /** None means every status. */
  readonly statuses: readonly string[];
  readonly idPrefix: string;
}

export class InstanceTable {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #remove: StatementSync;
  readonly #list: StatementSync;

  constructor(sql: DatabaseSync) {
    this.#find = sql.prepare('SELECT * FROM instances WHERE instance_id = ?');
    this.#insert = sql.prepare(
      `INSERT INTO instances (instance_id, execution_id, name, version, input, status, created_at, updated_at,
         parent_instance_id, parent_execution_id, parent_task_id) VALUES (?, ?, ?, ?, ?, 'Pending', ?, ?, ?, ?, ?)`,
    );
    this.#update = sql.prepare(
      `UPDATE instances SET execution_id = ?, input = ?, output = ?, status = ?, custom_status = ?, created_at = ?, updated_at = ?
       WHERE instance_id = ?`,
    );
    this.#remove = sql.prepare('DELETE FROM instances WHERE instance_id = ?');
    this.#list = sql.prepare(
      `SELECT * FROM instances WHERE number > ? AND created_at BETWEEN ? AND ? AND instr(instance_id, ?) = 1
         AND (? = '[]' OR status IN (SELECT value FROM json_each(?))) ORDER BY number LIMIT ?`,
    );
  }

  find(instanceId: string): Instance | undefined {
    const row = this.#find.get(instanceId);
    return row === undefined ? undefined : rowSchema.parse(row);
  }

  /** Adds a pending instance; its id must be free. */
  insert(instance: Omit<Instance, 'number' | 'output' | 'status' | 'customStatus' | 'updatedAt'>): void {
    const { instanceId, executionId, name, version, input, createdAt, parent } = instance;
    const parents = [parent?.instanceId ?? null, parent?.executionId ?? null, parent?.taskId ?? null];
    this.#insert.run(instanceId, executionId, name, version, input, createdAt, createdAt, ...parents);
  }

  /** Writes what can change in an instance's life. */
  update(instance: Instance): void {
    const { executionId, input, output, status, customStatus, createdAt, updatedAt, instanceId } = instance;
    this.#update.run(executionId, input, output, status, customStatus, createdAt, updatedAt, instanceId);
  }

  remove(instanceId: string): void {
    this.#remove.run(instanceId);
  }

  list(filter: InstanceFilter): Instance[] {
    const statuses = JSON.stringify(filter.statuses);
    const { afterNumber, createdFrom, createdTo, idPrefix, limit } = filter;
    const rows = this.#list.all(afterNumber, createdFrom, createdTo, idPrefix, statuses, statuses, limit);
    return rows.map((row) => rowSchema.parse(row));
  }
}
