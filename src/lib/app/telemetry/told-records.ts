import { isEnded } from '../../domain/lifecycle.ts';
import type { RequestRecord } from '../../domain/request.ts';
import type { Telemetry } from '../../domain/telemetry.ts';
import type { RecordStore } from '../../store/records.ts';

/** The same store; a request that comes to its end is told as a span from its submission on. One that is resumed is told once more when it ends again. */
export function toldRecords(records: RecordStore, telemetry: Telemetry): RecordStore {
  return {
    ...records,
    async change(requestId, change) {
      let wasEnded = false;
      const result = await records.change(requestId, (record) => {
        wasEnded = isEnded(record.state);
        return change(record);
      });
      if (result.kind === 'changed' && !wasEnded && isEnded(result.record.state)) tell(result.record, telemetry);
      return result;
    },
  };
}

function tell({ requestId, submittedAt, stateSince, state, run }: RequestRecord, telemetry: Telemetry): void {
  telemetry.period({
    name: 'dsr.request',
    requestId,
    attributes: { 'dsr.outcome': state, 'dsr.run': run.n },
    from: new Date(submittedAt),
    to: new Date(stateSince),
  });
}
