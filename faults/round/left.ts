import { BlobServiceClient } from '@azure/storage-blob';
import { expect } from 'vitest';
import { queuesAreEmpty } from '../../test/end-to-end/support/account.ts';
import type { EndState } from '../fault.ts';
import type { FaultLane } from '../lane/fault-lane.ts';

/** Blobs of a request, by their names within its folder (design: names are opaque, nothing of upstream stands in them). */
const OWN =
  /^(?:record\.json|plan\.json|tasks-\d+\.json|journal\.ndjson|manifest\.json|receipt\.json|package-\d+\.zip|content\/[0-9-]+\/[0-9a-f]{32}|tasks\/(?:[0-9-]+|seal)\/(?:round\.json|progress\.json|done\/[a-z]+-(?:root|[0-9a-f]{24})\.ndjson))$/;

/** No message waits, none was given up unless the fault does that, and every blob lies where blobs of its kind lie. */
export async function expectNothingLeft({ stage, mark }: FaultLane, id: string, end: EndState): Promise<void> {
  await queuesAreEmpty(stage);
  const poisoned = stage.log.slice(mark.line).filter((line) => line.includes(' moved to '));
  if (!end.givenUp) expect(poisoned, 'messages that were given up').toEqual([]);
  const container = BlobServiceClient.fromConnectionString(stage.azurite.connectionString).getContainerClient('dsr');
  const prefix = `requests/${id}/`;
  const strange: string[] = [];
  for await (const { name } of container.listBlobsFlat({ prefix })) {
    if (!OWN.test(name.slice(prefix.length))) strange.push(name.slice(prefix.length));
  }
  expect(strange, 'blobs that should not be there').toEqual([]);
}
