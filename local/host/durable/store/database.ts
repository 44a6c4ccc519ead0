import { DatabaseSync } from 'node:sqlite';

const schema = `
CREATE TABLE IF NOT EXISTS instances (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  instance_id TEXT NOT NULL UNIQUE,
  execution_id TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT,
  input TEXT,
  output TEXT,
  status TEXT NOT NULL,
  custom_status TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  parent_instance_id TEXT,
  parent_execution_id TEXT,
  parent_task_id INTEGER
);
CREATE TABLE IF NOT EXISTS history (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  instance_id TEXT NOT NULL,
  execution_id TEXT NOT NULL,
  event TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS history_by_instance ON history (instance_id, number);
CREATE TABLE IF NOT EXISTS messages (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  instance_id TEXT NOT NULL,
  execution_id TEXT,
  event TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS messages_by_instance ON messages (instance_id, number);
CREATE TABLE IF NOT EXISTS activities (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  instance_id TEXT NOT NULL,
  execution_id TEXT NOT NULL,
  task_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  input TEXT
);
CREATE TABLE IF NOT EXISTS timers (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  instance_id TEXT NOT NULL,
  execution_id TEXT NOT NULL,
  timer_id INTEGER NOT NULL,
  due_at INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS timers_by_due ON timers (due_at);
CREATE INDEX IF NOT EXISTS timers_by_instance ON timers (instance_id);
`;

/**
 * Opens the hub's file, making it when missing, and locks it: a second process must not hand out the same work. The system takes the lock
 * away from a process that ends, however it ends. Write-ahead log with `synchronous=NORMAL`: a commit survives the end of the process at any
 * point, `kill -9` included, without an fsync each; only a power cut may lose the newest commits, never consistency, and after it the
 * emulated storage is gone too.
 *
 * @throws when another process has the file open, or when it is no SQLite file
 */
export function openDatabase(file: string): DatabaseSync {
  const sql = new DatabaseSync(file);
  try {
    sql.exec('PRAGMA busy_timeout = 1000; PRAGMA locking_mode = EXCLUSIVE;');
    sql.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    sql.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`);
    return sql;
  } catch (error) {
    sql.close();
    throw error;
  }
}

/** Runs `work` as one transaction: all of it is in the file afterwards, or nothing when it throws. */
export function inTransaction<Result>(sql: DatabaseSync, work: () => Result): Result {
  sql.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    sql.exec('COMMIT');
    return result;
  } catch (error) {
    sql.exec('ROLLBACK');
    throw error;
  }
}
