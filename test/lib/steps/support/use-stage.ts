import { afterAll, beforeAll } from 'vitest';
import type { RequestId } from '../../../../src/lib/domain/ids.ts';
import type { RequestRecord } from '../../../../src/lib/domain/request.ts';
import { useAzurite } from '../../store/support/azurite.ts';
import { newRecord } from '../../store/support/records.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';

/** One stage for the tests of a file, which then keep to requests of their own. */
export function useStage(options: StageOptions = {}): { readonly stage: Stage } {
  const azurite = useAzurite();
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await openStage(azurite.storage, options);
  });
  afterAll(() => stage?.[Symbol.asyncDispose]());
  return {
    get stage() {
      if (!stage) throw new Error('The stage opens before the tests.');
      return stage;
    },
  };
}

/** A stored record; it has come into its state just now, by the stage's clock. */
export async function stored(stage: Stage, change: Partial<RequestRecord> = {}): Promise<RequestRecord> {
  const record = newRecord({
    targets: [stage.target.name],
    deadline: '2026-06-01T00:00:00.000Z',
    stateSince: stage.clock.now().toISOString(),
    ...change,
  });
  await stage.deps.records.create(record);
  return record;
}

/** Events of a request's journal, in order. */
export async function eventsOf(stage: Stage, requestId: RequestId): Promise<string[]> {
  const journal = await stage.deps.records.journal(requestId);
  const chunks: Uint8Array[] = [];
  for await (const chunk of journal?.stream ?? []) chunks.push(Buffer.from(chunk));
  const lines = Buffer.concat(chunks).toString('utf8').split('\n').filter(Boolean);
  return lines.map((line): { event: string } => JSON.parse(line)).map(({ event }) => event);
}
