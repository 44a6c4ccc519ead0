import { imagePath } from '../storage/find.ts';
import type { Image, Project, TrainingSet } from '../world/model.ts';
import type { VisionCall } from './call.ts';
import { imageDate } from './dates.ts';
import { atLeast } from './versions.ts';

export interface Holding {
  readonly call: VisionCall;
  readonly project: Project;
  readonly set: TrainingSet;
}

/** An image as the lists show it: tags and regions null, not empty, where it has none. */
export function imageDocument({ call, project, set }: Holding, image: Image): object {
  const created = imageDate(image.created, image.ticks);
  const tagName = (tagId: string) => set.tags.get(tagId)?.name ?? '';
  const tags = image.tagIds.map((tagId) => ({ tagId, tagName: tagName(tagId), created }));
  const regions = image.regions.map(({ id, tagId, left, top, width, height }) => {
    return { regionId: id, tagName: tagName(tagId), created, tagId, left, top, width, height };
  });
  return {
    id: image.id,
    created,
    width: image.width,
    height: image.height,
    resizedImageUri: call.links.image(imagePath(project, image, 'r')),
    thumbnailUri: call.links.image(imagePath(project, image, 't')),
    originalImageUri: call.links.image(imagePath(project, image, 'o')),
    tags: tags.length > 0 ? tags : null,
    regions: regions.length > 0 ? regions : null,
    ...(atLeast(call.version, '3.3') && { metadata: image.metadata }),
  };
}
