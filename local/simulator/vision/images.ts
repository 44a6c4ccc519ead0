import { type Answer, jsonAnswer, queryList, queryValue } from '../http/message.ts';
import type { Image, Project, TrainingSet } from '../world/model.ts';
import { introduced, operation, projectOf, trainingSetOf, type VisionCall, type VisionOperation } from './call.ts';
import { type Holding, imageDocument } from './image-documents.ts';
import { VisionRefusal } from './refusals.ts';

type Selection = 'All' | 'Tagged' | 'Untagged';

/** Limits of the published specification. */
const limits = { page: 256, defaultPage: 50, tagFilter: 20, ids: 256 };

export const imageOperations: readonly VisionOperation[] = [
  operation('GET /projects/{projectId}/images/tagged', 'GetTaggedImages', (call, parameters) =>
    imagePage(call, projectOf(call, parameters), 'Tagged'),
  ),
  operation('GET /projects/{projectId}/images/untagged', 'GetUntaggedImages', (call, parameters) =>
    imagePage(call, projectOf(call, parameters), 'Untagged'),
  ),
  introduced(
    '3.3',
    operation('GET /projects/{projectId}/images', 'GetImages', (call, parameters) =>
      imagePage(call, projectOf(call, parameters), selectionOf(call)),
    ),
  ),
  operation('GET /projects/{projectId}/images/tagged/count', 'GetTaggedImageCount', (call, parameters) =>
    imageCount(call, projectOf(call, parameters), 'Tagged'),
  ),
  operation('GET /projects/{projectId}/images/untagged/count', 'GetUntaggedImageCount', (call, parameters) =>
    imageCount(call, projectOf(call, parameters), 'Untagged'),
  ),
  introduced(
    '3.3',
    operation('GET /projects/{projectId}/images/count', 'GetImageCount', (call, parameters) =>
      imageCount(call, projectOf(call, parameters), selectionOf(call)),
    ),
  ),
  operation('GET /projects/{projectId}/images/id', 'GetImagesByIds', (call, parameters) =>
    imagesByIds(call, projectOf(call, parameters)),
  ),
];

function imagePage(call: VisionCall, project: Project, selection: Selection): Answer {
  const take = wholeNumber(call, 'take', limits.defaultPage);
  const skip = wholeNumber(call, 'skip', 0);
  if (take > limits.page)
    throw new VisionRefusal('BadRequestExceededBatchSize', `At most ${limits.page} images a page.`);
  const orderBy = queryValue(call.request, 'orderBy') ?? 'Newest';
  if (orderBy !== 'Newest' && orderBy !== 'Oldest') {
    throw new VisionRefusal('BadRequestInvalid', 'orderBy is Newest or Oldest.');
  }
  const set = trainingSetOf(call, project);
  const images = selectedImages(call, set, selection);
  if (orderBy === 'Newest') images.reverse();
  return imageList({ call, project, set }, images.slice(skip, skip + take));
}

function imageCount(call: VisionCall, project: Project, selection: Selection): Answer {
  return jsonAnswer(200, selectedImages(call, trainingSetOf(call, project), selection).length);
}

/** Ids that nothing holds are left out of the answer. */
function imagesByIds(call: VisionCall, project: Project): Answer {
  const ids = queryList(call.request, 'imageIds');
  if (ids.length > limits.ids)
    throw new VisionRefusal('BadRequestExceededBatchSize', `At most ${limits.ids} ids a call.`);
  const set = trainingSetOf(call, project);
  const images = ids.flatMap((id) => set.images.get(id.toLowerCase()) ?? []);
  return imageList({ call, project, set }, images);
}

function imageList(holding: Holding, images: readonly Image[]): Answer {
  return jsonAnswer(
    200,
    images.map((image) => imageDocument(holding, image)),
  );
}

/** Oldest first; with `tagIds`, images that have any of them. */
function selectedImages(call: VisionCall, set: TrainingSet, selection: Selection): Image[] {
  const tagIds = queryList(call.request, 'tagIds').map((id) => id.toLowerCase());
  if (tagIds.length > limits.tagFilter) {
    throw new VisionRefusal('BadRequestExceededBatchSize', `At most ${limits.tagFilter} tags in a filter.`);
  }
  const filtered = selection !== 'Untagged' && tagIds.length > 0;
  return [...set.images.values()].filter((image) => {
    const tagged = image.tagIds.length > 0;
    if (selection !== 'All' && tagged !== (selection === 'Tagged')) return false;
    return !filtered || tagIds.some((id) => image.tagIds.includes(id));
  });
}

function selectionOf(call: VisionCall): Selection {
  const status = queryValue(call.request, 'taggingStatus') ?? 'All';
  if (status === 'All' || status === 'Tagged' || status === 'Untagged') return status;
  throw new VisionRefusal('BadRequestInvalid', 'taggingStatus is All, Tagged or Untagged.');
}

function wholeNumber(call: VisionCall, name: string, fallback: number): number {
  const text = queryValue(call.request, name);
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new VisionRefusal('BadRequestInvalid', `${name} is a whole number.`);
  return Number(text);
}
