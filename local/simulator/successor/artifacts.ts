import { z } from 'zod';
import { binaryContent } from '../content/binary.ts';
import { artifactOf, artifactsIn } from '../experiments/artifacts.ts';
import { type HistoryCall, type HistoryOperation, historyList, operation } from '../experiments/call.ts';
import { artifactDocument, contentDocument } from '../experiments/documents.ts';
import { type Answer, jsonAnswer, queryValue } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import type { Artifact } from '../world/learning/run-history.ts';
import { bodyOf } from './call.ts';
import { wishedPath } from './run-artifacts.ts';

interface ContainerNames {
  readonly origin: string;
  readonly container: string;
}

const pathsSchema = z.object({ paths: z.array(z.object({ path: z.string() })) });

/** Artifacts v2.0 of 2019-09-30. Without `hardDelete` a deletion takes the record alone: the bytes stay. */
export const successorArtifactOperations: readonly HistoryOperation[] = [
  operation('GET /artifact/artifacts/{origin}/{container}', 'Artifacts_ListInContainer', (call, names) => {
    const prefix = queryValue(call.request, 'path') ?? '';
    const found = inContainer(call, names).filter(({ path }) => path.startsWith(prefix));
    return historyList(call, found, (artifact) => artifactDocument(call, artifact));
  }),
  operation('GET /artifact/artifacts/{origin}/{container}/metadata', 'Artifacts_Get', (call, names) =>
    jsonAnswer(200, artifactDocument(call, one(call, names))),
  ),
  operation(
    'GET /artifact/artifacts/{origin}/{container}/contentinfo',
    'Artifacts_GetContentInformation',
    (call, names) => jsonAnswer(200, contentDocument(call, one(call, names))),
  ),
  operation(
    'GET /artifact/artifacts/{origin}/{container}/prefix/contentinfo',
    'Artifacts_ListSasByPrefix',
    (call, names) => {
      const prefix = wishedPath(call);
      const found = inContainer(call, names).filter(({ path }) => path.startsWith(prefix));
      return historyList(call, found, (artifact) => contentDocument(call, artifact));
    },
  ),
  operation('GET /artifact/artifacts/{origin}/{container}/content', 'Artifacts_Download', (call, names) => {
    const stored = call.learning.files.get(one(call, names).file);
    if (!stored) throw new Refusal(404, 'NotFound', 'The bytes are gone.');
    const content = binaryContent(stored);
    const headers = { 'Content-Type': content.mediaType, ETag: content.etag };
    return { status: 200, headers, body: { content, start: 0, end: content.size } };
  }),
  operation('DELETE /artifact/artifacts/{origin}/{container}/metadata', 'Artifacts_DeleteMetaData', (call, names) =>
    dropped(call, [one(call, names)]),
  ),
  operation(
    'DELETE /artifact/artifacts/{origin}/{container}/batch',
    'Artifacts_DeleteMetaDataInContainer',
    (call, names) => dropped(call, inContainer(call, names)),
  ),
  operation(
    'POST /artifact/artifacts/{origin}/{container}/batch/metadata:delete',
    'Artifacts_DeleteBatchMetaData',
    (call, names) => {
      const wished = new Set(bodyOf(call.request, pathsSchema).paths.map(({ path }) => path));
      const found = inContainer(call, names).filter(({ path }) => wished.has(path));
      return dropped(call, found);
    },
  ),
];

function inContainer({ history }: HistoryCall, { origin, container }: ContainerNames): Artifact[] {
  return artifactsIn(history, origin, container);
}

function one(call: HistoryCall, names: ContainerNames): Artifact {
  return artifactOf(call, { ...names, path: wishedPath(call) });
}

function dropped(call: HistoryCall, artifacts: readonly Artifact[]): Answer {
  const hard = queryValue(call.request, 'hardDelete')?.toLowerCase() === 'true';
  const apply = () => {
    for (const { id, file } of artifacts) {
      call.history.artifacts.delete(id);
      if (hard) call.learning.files.delete(file);
    }
  };
  return { status: 200, headers: { 'Content-Length': '0' }, effect: { apply } };
}
