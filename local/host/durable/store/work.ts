import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { z } from 'zod';

const numberSchema = z.object({ number: z.number() });
const taskShape = { number: z.number(), instance_id: z.string(), execution_id: z.string() };

const activitySchema = z
  .object({ ...taskShape, task_id: z.number(), name: z.string(), input: z.string().nullable() })
  .transform(({ instance_id: instanceId, execution_id: executionId, task_id: taskId, number, name, input }) => ({
    number,
    instanceId,
    executionId,
    taskId,
    name,
    input,
  }));

/** An activity that has not ended yet; `input` is JSON text. */
export type Activity = z.infer<typeof activitySchema>;

export class ActivityTable {
  readonly #add: StatementSync;
  readonly #find: StatementSync;
  readonly #remove: StatementSync;
  readonly #numbers: StatementSync;

  constructor(sql: DatabaseSync) {
    this.#add = sql.prepare(
      'INSERT INTO activities (instance_id, execution_id, task_id, name, input) VALUES (?, ?, ?, ?, ?) RETURNING number',
    );
    this.#find = sql.prepare('SELECT * FROM activities WHERE number = ?');
    this.#remove = sql.prepare('DELETE FROM activities WHERE number = ?');
    this.#numbers = sql.prepare('SELECT number FROM activities ORDER BY number');
  }

  add({ instanceId, executionId, taskId, name, input }: Omit<Activity, 'number'>): number {
    return numberSchema.parse(this.#add.get(instanceId, executionId, taskId, name, input)).number;
  }

  find(number: number): Activity | undefined {
    const row = this.#find.get(number);
    return row === undefined ? undefined : activitySchema.parse(row);
  }

  /** Whether it was still there. */
  remove(number: number): boolean {
    return this.#remove.run(number).changes > 0;
  }

  numbers(): number[] {
    return this.#numbers.all().map((row) => numberSchema.parse(row).number);
  }
}

const timerSchema = z
  .object({ ...taskShape, timer_id: z.number(), due_at: z.number() })
  .transform(({ instance_id: instanceId, execution_id: executionId, timer_id: timerId, due_at: dueAt, number }) => ({
    number,
    instanceId,
    executionId,
    timerId,
    dueAt,
  }));

/** A timer that has not fired yet; `dueAt` in milliseconds since the epoch. */
export type Timer = z.infer<typeof timerSchema>;

const dueSchema = z.object({ due_at: z.number().nullable() });

export class TimerTable {
  readonly #add: StatementSync;
  readonly #due: StatementSync;
  readonly #next: StatementSync;
  readonly #remove: StatementSync;
  readonly #clear: StatementSync;

  constructor(sql: DatabaseSync) {
    this.#add = sql.prepare('INSERT INTO timers (instance_id, execution_id, timer_id, due_at) VALUES (?, ?, ?, ?)');
    this.#due = sql.prepare('SELECT * FROM timers WHERE due_at <= ? ORDER BY due_at, number');
    this.#next = sql.prepare('SELECT MIN(due_at) AS due_at FROM timers');
    this.#remove = sql.prepare('DELETE FROM timers WHERE number = ?');
    this.#clear = sql.prepare('DELETE FROM timers WHERE instance_id = ?');
  }

  add({ instanceId, executionId, timerId, dueAt }: Omit<Timer, 'number'>): void {
    this.#add.run(instanceId, executionId, timerId, dueAt);
  }

  due(now: number): Timer[] {
    return this.#due.all(now).map((row) => timerSchema.parse(row));
  }

  /** When the next timer is due; nothing without timers. */
  next(): number | undefined {
    return dueSchema.parse(this.#next.get()).due_at ?? undefined;
  }

  remove(number: number): void {
    this.#remove.run(number);
  }

  clear(instanceId: string): void {
    this.#clear.run(instanceId);
  }
}
