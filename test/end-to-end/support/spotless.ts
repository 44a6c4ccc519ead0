import { expect } from 'vitest';
import { z } from 'zod';
import type { Person } from '../../../local/simulator/world/learning/place.ts';
import { plantedSecrets } from '../../../local/simulator/world/learning/secrets.ts';
import { findLeaks } from './leaks.ts';
import type { Stage } from './stage.ts';
import { toldOf } from './told.ts';
import { type Trace, tracesOf } from './traces.ts';

const listSchema = z.looseObject({ requests: z.array(z.looseObject({ requestId: z.string() })) });

/** All by which people of a world could be recognised. */
export const identifiersOf = (people: readonly Person[]): string[] =>
  people.flatMap(({ objectId, upn, name }) => [objectId, upn, name]);

/** A refusal by upstream in words that quote all secrets and people: by its code alone may it be told on. */
export const quoting = (people: readonly string[]) => {
  const message = `Not for ${people.join(', ')}: ${plantedSecrets.join(', ')}`;
  const json = { code: 'Forbidden', message, error: { code: 'Forbidden', message } };
  return { kind: 'answerWith', status: 403, json } as const;
};

/** What is left of a trace without the documents of upstream, which may name people: they are what was asked for. */
export function withoutDocuments({ where, text }: Trace): Trace {
  if (/: .*\/report-\d+\.html$/.test(where)) return { where, text: '' };
  const lines = text.split('\n').filter((line) => !line.startsWith('{"line":"document"'));
  return { where, text: lines.join('\n') };
}

/**
 * Ends the host, then looks through all that it has left behind, sent to storage and told of every request: no secret of upstream is
 * anywhere, and the people stand in records and documents only; in a record at least, or the search finds nothing.
 * @param sent what was kept on its way to storage.
 */
export async function expectSpotless(
  stage: Stage,
  sent: readonly Trace[],
  identifiers: readonly string[],
): Promise<{ readonly traces: readonly Trace[]; readonly told: readonly Trace[] }> {
  const { requests } = listSchema.parse((await stage.portal.call('GET', '/requests?limit=100')).json);
  const told: Trace[] = [];
  for (const { requestId } of requests) told.push(...(await toldOf(stage, requestId)));
  await stage.host.stop();
  const traces: Trace[] = [];
  for await (const trace of tracesOf(stage)) traces.push(trace);
  expect(await findLeaks([...traces, ...sent, ...told], plantedSecrets), 'secrets').toEqual([]);
  const left = await findLeaks(traces.map(withoutDocuments), identifiers);
  const inRecords = / in requests\/[^/]+\/record\.json$/;
  expect(left.filter((leak) => !inRecords.test(leak))).toEqual([]);
  expect(left, 'records name the person').not.toEqual([]);
  const onTheWay = await findLeaks(sent.map(withoutDocuments), identifiers);
  expect(onTheWay.filter((leak) => !/ in body of PUT [^ ]*\/record\.json$/.test(leak))).toEqual([]);
  expect(await findLeaks(told, identifiers), 'told by the API').toEqual([]);
  return { traces, told };
}
