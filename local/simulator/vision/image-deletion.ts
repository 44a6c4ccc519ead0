import { type Answer, queryList, queryValue } from '../http/message.ts';
import type { Project, TrainingSet } from '../world/model.ts';
import { deleted, operation, projectOf, type VisionCall, type VisionOperation } from './call.ts';
import { VisionRefusal } from './refusals.ts';
import { atLeast } from './versions.ts';

const mostIds = 256;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const imageDeletionOperations: readonly VisionOperation[] = [
  operation('DELETE /projects/{projectId}/images', 'DeleteImages', (call, parameters) =>
    deleteImages(call, projectOf(call, parameters)),
  ),
];

/** 204 once the workspace's images are gone; with `allImages` or `allIterations` (3.1 on) 202 and gone a few calls later. */
function deleteImages(call: VisionCall, project: Project): Answer {
  const flags = atLeast(call.version, '3.1');
  const allImages = flags && isTrue(call, 'allImages');
  const allIterations = flags && isTrue(call, 'allIterations');
  const iterationSets = [...project.iterations.values()].map(({ trainingSet }) => trainingSet);
  const sets = allIterations ? [project.workspace, ...iterationSets] : [project.workspace];
  const ids = queryList(call.request, 'imageIds').map((id) => id.toLowerCase());
  if (allImages && ids.length > 0) {
    throw new VisionRefusal('BadRequestInvalid', 'Give either allImages or imageIds.');
  }
  const apply = allImages ? removeAll(sets) : removal(call, sets, ids);
  if (!allImages && !allIterations) return deleted(apply);
  const afterCalls = call.world.behaviour.callsUntilDeleted;
  return { status: 202, headers: { 'Content-Length': '0' }, effect: { apply, afterCalls } };
}

function removal(call: VisionCall, sets: readonly TrainingSet[], ids: readonly string[]): () => void {
  if (ids.length === 0) throw new VisionRefusal('BadRequestRequiredParamIsNull', 'imageIds is missing.');
  if (ids.length > mostIds) throw new VisionRefusal('BadRequestExceededBatchSize', `At most ${mostIds} ids a call.`);
  if (!ids.every((id) => uuid.test(id))) throw new VisionRefusal('BadRequestInvalidIds', 'An id is not a UUID.');
  const known = ids.filter((id) => sets.some((set) => set.images.has(id)));
  if (known.length === 0) throw new VisionRefusal('NotFoundImage', 'None of the images exists.');
  if (known.length < ids.length && call.world.behaviour.unknownImageIds === 'refused') {
    throw new VisionRefusal('BadRequestInvalidIds', 'Some of the images do not exist.');
  }
  return () => {
    for (const set of sets) for (const id of known) set.images.delete(id);
  };
}

/** What the sets hold when the call is made: an image added while the deletion is under way stays. */
function removeAll(sets: readonly TrainingSet[]): () => void {
  const held = sets.map((set) => ({ set, ids: [...set.images.keys()] }));
  return () => {
    for (const { set, ids } of held) for (const id of ids) set.images.delete(id);
  };
}

function isTrue(call: VisionCall, name: string): boolean {
  return queryValue(call.request, name)?.toLowerCase() === 'true';
}
