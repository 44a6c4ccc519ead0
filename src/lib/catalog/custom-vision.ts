import { images, predictions } from './custom-vision-images.ts';
import {
  getIteration,
  getIterations,
  getProject,
  getProjects,
  iteration,
  project,
  recorded,
  whole,
} from './custom-vision-levels.ts';
import type { Branch, Family } from './family.ts';
import type { Operation } from './operation.ts';

/*
 * Custom Vision Training API, versions 3.0, 3.1 and 3.3: shared/contracts/specs/customvision-training-v3.x.json and
 * shared/contracts/endpoints.md, section C. The outcomes by hand are sentences of shared/seeds/004_9cee3f05b99bdf9e.txt.
 */
const ACCOUNT_BY_HAND =
  'Delete using Azure portal (Azure Subscriptions). Or using “Delete Your Account” button in CustomVision.ai settings page (Microsoft Account Subscriptions)';

const iterations: Family = {
  family: 'cv-iterations',
  title: 'Iterations with their performance',
  target: 'custom-vision',
  within: [project],
  list: [getIterations],
  identity: 'id',
  parameter: 'iterationId',
  // `created` stays while training and publishing move `lastModified` (recorded/TrainAndPublishProject.json).
  age: 'created',
  assignedOnce: true,
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
    together: 'cv-projects',
  },
  after: [],
  proof: { by: 'item', read: getIteration, control: getProject },
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
  persons: { mentions: ['name', 'description'] },
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
    together: 'cv-projects',
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
    contains: ['cv-iterations', 'cv-images', 'cv-tags', 'cv-predictions'],
  },
  after: ['cv-tags', 'cv-images', 'cv-iterations', 'cv-predictions'],
  proof: { by: 'item', read: getProject, control: getProjects },
};

/** Version 1.x only, PascalCase, with live keys (contradictions.md, 25). */
const account: Family = {
  family: 'cv-account',
  title: 'Account Info (Subscription Keys)',
  // Its owner (endpoints.md, section E).
  persons: { identity: { UserName: 'userName', Email: 'email' } },
  target: 'custom-vision',
  within: [],
  list: [
    {
      operation: 'GetAccountInfo',
      base: 'account',
      route: 'GET /account',
      seed: 'S4',
      row: '38',
      confidence: ['spec'],
      paging: { by: 'single' },
    },
  ],
  identity: '=account',
  parameter: 'account',
  unless: {
    target: 'accountVersion',
    ground: 'Not available in this version: account info exists in version 1.x of the service only.',
  },
  beside: getProjects,
  erase: { by: 'hand', sentence: ACCOUNT_BY_HAND },
  after: [],
};

const exportedModels: Family = {
  family: 'cv-exported-models',
  title: 'Exported Models',
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
  erase: { by: 'hand', sentence: 'Deleted upon account deletion' },
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
  families: [account, projects, iterations, tags, images, predictions, exportedModels],
  byHand: [],
};
