import { inTransaction, openDatabase } from './database.ts';
import { InstanceTable } from './instances.ts';
import { HistoryTable, MessageTable } from './messages.ts';
import { ActivityTable, TimerTable } from './work.ts';

/** Everything that the hub knows; it lives in one file. */
export interface Store {
  readonly instances: InstanceTable;
  readonly history: HistoryTable;
  readonly messages: MessageTable;
  readonly activities: ActivityTable;
  readonly timers: TimerTable;
  /** All or nothing; not to be nested. */
  transaction<Result>(work: () => Result): Result;
  close(): void;
}

export function openStore(file: string): Store {
  const sql = openDatabase(file);
  return {
    instances: new InstanceTable(sql),
    history: new HistoryTable(sql),
    messages: new MessageTable(sql),
    activities: new ActivityTable(sql),
    timers: new TimerTable(sql),
    transaction: (work) => inTransaction(sql, work),
    close: () => sql.close(),
  };
}
