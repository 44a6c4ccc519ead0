/** One call that the simulator got. */
export interface RecordedCall {
  /** Counts up from 1 and goes on after a reset of the list. */
  readonly sequence: number;
  /** When it was answered, by the simulator's clock. */
  readonly at: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  /** Published operation id; `<unknown>` where a host has no such route, `<no service>` where no service has the host. */
  readonly operation: string;
  /** 0 when the connection was reset before a status. */
  readonly status: number;
  /** The fault that was played on it. */
  readonly fault?: string;
}

/** The latest calls, bounded: old ones drop out. */
export interface CallLog {
  readonly list: readonly RecordedCall[];
  /** Calls since the start, also those that dropped out. */
  readonly total: number;
  record(call: Omit<RecordedCall, 'sequence'>): void;
  clear(): void;
}

/** An empty log that keeps the latest `most` calls. */
export function callLog(most = 50_000): CallLog {
  let list: RecordedCall[] = [];
  let total = 0;
  return {
    get list() {
      return list;
    },
    get total() {
      return total;
    },
    record: (call) => {
      total += 1;
      list.push({ sequence: total, ...call });
      if (list.length > most * 1.1) list = list.slice(-most);
    },
    clear: () => {
      list = [];
    },
  };
}
