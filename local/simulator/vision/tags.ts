import { jsonAnswer } from '../http/message.ts';
import type { Image, Tag, TrainingSet } from '../world/model.ts';
import { deleted, operation, projectOf, trainingSetOf, type VisionOperation } from './call.ts';
import { VisionRefusal } from './refusals.ts';

export const tagOperations: readonly VisionOperation[] = [
  operation('GET /projects/{projectId}/tags', 'GetTags', (call, parameters) => {
    const set = trainingSetOf(call, projectOf(call, parameters));
    const counts = imageCounts(set);
    return jsonAnswer(
      200,
      [...set.tags.values()].map((tag) => tagDocument(tag, counts)),
    );
  }),
  operation('GET /projects/{projectId}/tags/{tagId}', 'GetTag', (call, parameters) => {
    const set = trainingSetOf(call, projectOf(call, parameters));
    return jsonAnswer(200, tagDocument(tagOf(set, parameters.tagId), imageCounts(set)));
  }),
  operation('DELETE /projects/{projectId}/tags/{tagId}', 'DeleteTag', (call, parameters) => {
    const { workspace } = projectOf(call, parameters);
    const tag = tagOf(workspace, parameters.tagId);
    return deleted(() => removeTag(workspace, tag));
  }),
];

function tagOf(set: TrainingSet, tagId: string): Tag {
  const tag = set.tags.get(tagId.toLowerCase());
  if (!tag) throw new VisionRefusal('NotFoundTag', 'Invalid tag identifier.');
  return tag;
}

function imageCounts(set: TrainingSet): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const image of set.images.values()) {
    for (const tagId of image.tagIds) counts.set(tagId, (counts.get(tagId) ?? 0) + 1);
  }
  return counts;
}

function tagDocument({ id, name, description, type }: Tag, counts: ReadonlyMap<string, number>): object {
  return { id, name, description, type, imageCount: counts.get(id) ?? 0 };
}

/** Images stay and lose the tag, with the regions that carry it; copies held by iterations keep it. */
function removeTag(workspace: TrainingSet, tag: Tag): void {
  workspace.tags.delete(tag.id);
  for (const image of workspace.images.values()) {
    if (!image.tagIds.includes(tag.id)) continue;
    const without: Image = {
      ...image,
      tagIds: image.tagIds.filter((tagId) => tagId !== tag.id),
      regions: image.regions.filter(({ tagId }) => tagId !== tag.id),
    };
    workspace.images.set(image.id, without);
  }
}
