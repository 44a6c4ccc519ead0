import { getProject, iteration, project, recorded } from './custom-vision-levels.ts';
import type { Family } from './family.ts';
import type { Operation } from './operation.ts';

/* Images: those for training (rows 46, 47, 52, H9) and those sent for prediction (rows H11, H12). */
/** 256 is the largest page in every version (contradictions.md, section 4). Oldest first: new images appear at the end. */
const pages = {
  paging: { by: 'skip-take', take: 256 },
  query: { orderBy: 'Oldest' },
  optionalQuery: ['iterationId'],
} as const;

/** How many tagged or untagged images there are: a list that ends earlier isn't whole (contradictions.md, section 5). */
const countOf = (operation: string, which: 'tagged' | 'untagged'): Operation => ({
  operation,
  route: `GET /projects/{projectId}/images/${which}/count`,
  seed: 'extra',
  row: 'H9',
  confidence: ['spec'],
  optionalQuery: ['iterationId'],
});

export const images: Family = {
  family: 'cv-images',
  title: 'Training images, of the workspace and of each iteration',
  persons: { mentions: ['metadata.*', 'tags.*.tagName'], objectIds: ['metadata.*'] },
  target: 'custom-vision',
  within: [project, { ...iteration, self: true }],
  list: [
    {
      operation: 'GetTaggedImages',
      route: 'GET /projects/{projectId}/images/tagged',
      seed: 'S4',
      row: '46',
      confidence: recorded,
      ...pages,
      count: countOf('GetTaggedImageCount', 'tagged'),
    },
    {
      operation: 'GetUntaggedImages',
      route: 'GET /projects/{projectId}/images/untagged',
      seed: 'S4',
      row: '47',
      confidence: recorded,
      ...pages,
      count: countOf('GetUntaggedImageCount', 'untagged'),
    },
  ],
  identity: 'id',
  parameter: 'imageId',
  age: 'created',
  assignedOnce: true,
  claims: {
    read: {
      operation: 'GetImagesByIds',
      route: 'GET /projects/{projectId}/images/id',
      seed: 'extra',
      row: 'customvision-training-v3.3.json',
      confidence: ['spec'],
      optionalQuery: ['iterationId'],
    },
    query: 'imageIds',
    size: 256,
  },
  bytes: [{ member: 'originalImageUri', contentType: 'application/octet-stream' }],
  erase: {
    by: 'call',
    operation: {
      operation: 'DeleteImages',
      route: 'DELETE /projects/{projectId}/images',
      seed: 'S4',
      row: '52',
      confidence: recorded,
    },
    batch: { query: 'imageIds', size: 256 },
    everywhere: { since: '3.1', query: { allIterations: 'true' } },
    together: 'cv-projects',
    whole: { since: '3.1', query: { allImages: 'true', allIterations: 'true' } },
  },
  after: ['cv-iterations'],
  proof: { by: 'lists', control: getProject },
  needs: { family: 'cv-iterations', before: '3.1', ground: 'iterations keep copies' },
};

const queryPredictions: Operation = {
  operation: 'QueryPredictions',
  route: 'POST /projects/{projectId}/predictions/query',
  seed: 'extra',
  row: 'H11',
  confidence: recorded,
  paging: { by: 'query-token', body: { orderBy: 'Oldest', maxCount: 100 } },
};

export const predictions: Family = {
  family: 'cv-predictions',
  title: 'Images sent for prediction, kept 30 days',
  target: 'custom-vision',
  within: [project],
  list: [queryPredictions],
  identity: 'id',
  parameter: 'predictionId',
  age: 'created',
  assignedOnce: true,
  bytes: [{ member: 'originalImageUri', contentType: 'application/octet-stream' }],
  erase: {
    by: 'call',
    operation: {
      operation: 'DeletePrediction',
      route: 'DELETE /projects/{projectId}/predictions',
      seed: 'extra',
      row: 'H12',
      confidence: recorded,
    },
    batch: { query: 'ids', size: 64 },
    together: 'cv-projects',
  },
  after: [],
  proof: { by: 'lists', control: getProject },
};
