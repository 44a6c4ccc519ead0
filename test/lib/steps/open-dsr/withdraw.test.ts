import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { requestIdSchema } from '../../../../src/lib/domain/ids.ts';
import { withdrawOpenDsr } from '../../../../src/lib/steps/open-dsr/open-dsr.ts';
import { decide } from '../../../../src/lib/steps/request/decide.ts';
import { HASH, journalOf, OFFICER, PORTAL, storedRecord, useRequestStores } from '../support/request-stores.ts';

const stores = useRequestStores();

describe('Withdrawing by the standard', () => {
  it('comes too late where the plan is approved after the controller was seen to be in time', async () => {
    const subjectRequestId = requestIdSchema.parse(randomUUID());
    const { requestId } = await storedRecord(stores.deps, { openDsr: { version: '2.0', subjectRequestId } });
    const read: typeof stores.deps.records.read = async (id) => {
      const seen = await stores.deps.records.read(id);
      await decide(stores.deps, { requestId, order: { decision: 'approve', planHash: HASH }, actor: OFFICER });
      return seen;
    };
    const find = async () => requestId;
    const idempotency = { ...stores.deps.idempotency, find };
    const deps = { ...stores.deps, idempotency, records: { ...stores.deps.records, read } };
    expect(await withdrawOpenDsr(deps, { subjectRequestId, actor: PORTAL })).toBe('too-late');
    expect((await journalOf(stores.deps, requestId)).map(({ event }) => event)).toEqual(['submitted', 'approve']);
    expect((await stores.deps.records.read(requestId))?.cancel).toBeUndefined();
  });
});
