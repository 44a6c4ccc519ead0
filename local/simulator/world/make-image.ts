import type { Random } from '../seeded.ts';
import type { Image, Project, Region } from './model.ts';
import type { ProjectSizes } from './options.ts';

export interface ImagePlan {
  readonly created: number;
  readonly tagged: boolean;
  readonly sizes: Pick<ProjectSizes, 'imageBytes' | 'regionsPerImage'>;
}

/** Makes one image; it isn't put anywhere. A detection project marks it with regions, a classification project with tags alone. */
export function makeImage(project: Project, random: Random, plan: ImagePlan): Image {
  const { imageBytes, regionsPerImage } = plan.sizes;
  const [least, most] = typeof imageBytes === 'number' ? [imageBytes, imageBytes] : imageBytes;
  const tags = [...project.workspace.tags.keys()];
  const tagIds = plan.tagged ? chosenTags(tags, random) : [];
  const regions = project.detection ? tagIds.flatMap((tagId) => makeRegions(tagId, random, regionsPerImage)) : [];
  return {
    id: random.uuid(),
    created: plan.created,
    ticks: random.integer(0, 9_999),
    width: random.integer(8, 64),
    height: random.integer(8, 64),
    bytes: random.integer(least, most),
    tagIds,
    regions,
    metadata: random.next() < 0.4 ? { uploadedBy: 'ada@contoso.example', roll: String(random.integer(1, 99)) } : null,
  };
}

function chosenTags(tags: readonly string[], random: Random): string[] {
  if (tags.length === 0) return [];
  const first = random.integer(0, tags.length - 1);
  const count = Math.min(tags.length, random.integer(1, 2));
  return Array.from({ length: count }, (_, index) => tags[(first + index) % tags.length] ?? '');
}

function makeRegions(tagId: string, random: Random, count: number): Region[] {
  return Array.from({ length: count }, () => {
    const left = random.next() * 0.6;
    const top = random.next() * 0.6;
    const side = () => 0.1 + random.next() * 0.3;
    return { id: random.uuid(), tagId, left, top, width: side(), height: side() };
  });
}
