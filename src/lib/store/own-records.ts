import type { RecordStore } from './records.ts';

/** The records of one client; those of others are as unknown as if they didn't exist. */
export function ownRecords(all: RecordStore, client: string): RecordStore {
  const read: RecordStore['read'] = async (requestId) => {
    const record = await all.read(requestId);
    return record?.client === client ? record : undefined;
  };
  return {
    read,
    create: (record) => all.create(record),
    async change(requestId, change) {
      const result = await all.change(requestId, (record) => (record.client === client ? change(record) : undefined));
      return result.kind !== 'missing' && result.record.client !== client ? { kind: 'missing' } : result;
    },
    journal: async (requestId) => ((await read(requestId)) ? all.journal(requestId) : undefined),
    mend: async (requestId, how) => ((await read(requestId)) ? all.mend(requestId, how) : 'missing'),
    list: (query) => all.list({ ...query, client }),
  };
}
