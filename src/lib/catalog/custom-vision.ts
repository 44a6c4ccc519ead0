import type { Branch, Family, Level } from './family.ts';
import type { Operation } from './operation.ts';

/*
 * Custom Vision Training API, versions 3.0, 3.1 and 3.3: shared/contracts/specs/customvision-training-v3.x.json and
 * shared/contracts/endpoints.md, section C. The outcomes by hand are sentences of shared/seeds/004_9cee3f05b99bdf9e.txt.
 */
const whole = { by: 'whole' } as const;
/** 256 is the largest page in every version (contradictions.md, section 4). Oldest first: new images appear at the end. */
const pages = {
  paging: { by: 'skip-take', take: 256 },
  query: { orderBy: 'Oldest' },
  optionalQuery: ['iterationId'],
} as const;
const recorded = ['spec', 'rec'] as const;

const getProjects: Operation = {
  operation: 'GetProjects',
  route: 'GET /projects',
  seed: 'S4',
  row: '39',
  confidence: recorded,
  paging: whole,
};
const getProject: Operation = {
  operation: 'GetProject',
  route: 'GET /projects/{projectId}',
  seed: 'S4',
  row: '40',
  confidence: recorded,
};
const getIterations: Operation = {
  operation: 'GetIterations',
  route: 'GET /projects/{projectId}/iterations',
  seed: 'S4',
  row: '41',
  confidence: recorded,
  paging: whole,
};
const getIteration: Operation = {
  operation: 'GetIteration',
  route: 'GET /projects/{projectId}/iterations/{iterationId}',
  seed: 'S4',
  row: '42',
  confidence: recorded,
};

const project: Level = { name: 'project', list: getProjects, identity: 'id', parameter: 'projectId' };
const iteration: Level = { name: 'iteration', list: getIterations, identity: 'id', parameter: 'iterationId' };

const iterations: Family = {
  family: 'cv-iterations',
  title: 'Iterations with their performance',
  target: 'custom-vision',
  within: [project],
  list: [getIterations],
  identity: 'id',
  parameter: 'iterationId',
  read: getIteration,
  parts: [
    {
      part: 'performance',
      read: {
        operation: 'GetIterationPerformance',
        route: 'GET /projects/{projectId}/iterations/{iterationId}/performance',
        seed: 'S4',
        row: '43',
        confidence: recorded,
      },
      when: { member: 'status', is: 'Completed' },
      noneWhen: ['BadRequestIterationIsNotTrained', 'NotFoundIterationPerformance'],
    },
  ],
  erase: {
    by: 'call',
    operation: {
      operation: 'DeleteIteration',
      route: 'DELETE /projects/{projectId}/iterations/{iterationId}',
      seed: 'S4',
      row: '49',
      confidence: recorded,
    },
    first: {
      read: getIteration,
      whenFilled: 'publishName',
      call: {
        operation: 'UnpublishIteration',
        route: 'DELETE /projects/{projectId}/iterations/{iterationId}/publish',
        seed: 'extra',
        row: 'H10',
        confidence: recorded,
        since: '3.0',
      },
    },
  },
  after: [],
  proof: { by: 'item', read: getIteration, control: getProject },
};

/** How many tagged or untagged images there are: a list that ends earlier isn't whole (contradictions.md, section 5). */
const countOf = (operation: string, which: 'tagged' | 'untagged'): Operation => ({
  operation,
  route: `GET /projects/{projectId}/images/${which}/count`,
  seed: 'extra',
  row: 'H9',
  confidence: ['spec'],
  optionalQuery: ['iterationId'],
});

const images: Family = {
  family: 'cv-images',
  title: 'Training images, of the workspace and of each iteration',
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
  claims: {
    read: {
      operation: 'GetImagesByIds',
      route: 'GET /projects/{projectId}/images/id',
      seed: 'extra',
      row: 'specification',
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
  },
  after: ['cv-iterations'],
  proof: { by: 'lists', control: getProject },
  needs: { family: 'cv-iterations', before: '3.1', ground: 'iterations keep copies' },
};

const getTag: Operation = {
  operation: 'GetTag',
  route: 'GET /projects/{projectId}/tags/{tagId}',
  seed: 'S4',
  row: '45',
  confidence: recorded,
};
const tags: Family = {
  family: 'cv-tags',
  title: 'Image tags',
  target: 'custom-vision',
  within: [project],
  list: [
    {
      operation: 'GetTags',
      route: 'GET /projects/{projectId}/tags',
      seed: 'S4',
      row: '44',
      confidence: recorded,
      paging: whole,
    },
  ],
  identity: 'id',
  parameter: 'tagId',
  read: getTag,
  erase: {
    by: 'call',
    operation: {
      operation: 'DeleteTag',
      route: 'DELETE /projects/{projectId}/tags/{tagId}',
      seed: 'S4',
      row: '51',
      confidence: recorded,
    },
  },
  after: ['cv-images'],
  proof: { by: 'item', read: getTag, control: getProject },
};

const projects: Family = {
  family: 'cv-projects',
  title: 'Projects and their details',
  target: 'custom-vision',
  within: [],
  list: [getProjects],
  identity: 'id',
  parameter: 'projectId',
  read: getProject,
  erase: {
    by: 'call',
    operation: {
      operation: 'DeleteProject',
      route: 'DELETE /projects/{projectId}',
      seed: 'S4',
      row: '50',
      confidence: recorded,
    },
    contains: ['cv-iterations', 'cv-images', 'cv-tags'],
  },
  after: ['cv-tags', 'cv-images', 'cv-iterations'],
  proof: { by: 'item', read: getProject, control: getProjects },
};

const exportedModels: Family = {
  family: 'cv-exported-models',
  title: 'Exported models',
  target: 'custom-vision',
  within: [project, iteration],
  list: [
    {
      operation: 'GetExports',
      route: 'GET /projects/{projectId}/iterations/{iterationId}/export',
      seed: 'S4',
      row: '48',
      confidence: recorded,
      paging: whole,
    },
  ],
  identity: 'platform+flavor',
  parameter: 'export',
  bytes: [{ member: 'downloadUri', contentType: 'application/zip', when: { member: 'status', is: 'Done' } }],
  erase: { by: 'hand', sentence: 'Exported Models: Deleted upon account deletion' },
  after: [],
};

export const customVision: Branch = {
  target: 'custom-vision',
  bases: {
    main: '{Endpoint}/customvision/v{version}/training',
    account: '{Endpoint}/customvision/v{accountVersion}/Training',
  },
  values: { Endpoint: 'endpoint', version: 'version', accountVersion: 'accountVersion' },
  hosts: ['{Endpoint}'],
  families: [projects, iterations, tags, images, exportedModels],
  byHand: [
    {
      what: 'Account Info (Subscription Keys)',
      sentence:
        'Delete using Azure portal (Azure Subscriptions). Or using “Delete Your Account” button in CustomVision.ai settings page (Microsoft Account Subscriptions)',
    },
  ],
};
