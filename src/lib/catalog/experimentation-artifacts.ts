import { container, inferredList, inProject, project, projectRoute, workspace } from './experimentation-levels.ts';
import type { Family } from './family.ts';

/* Artifact store and notifications of a project: endpoints.md, rows 29-34. */
const assets: Family = {
  ...inProject,
  family: 'exp-assets',
  title: 'Assets',
  persons: { mentions: ['kvTags.*', 'properties.*'], objectIds: ['kvTags.*'] },
  list: [
    {
      ...inferredList,
      operation: 'Artifact · List assets',
      base: 'artifact',
      route: `GET ${projectRoute}/assets`,
      seed: 'S0',
      row: '29',
      paging: { by: 'next-link', token: '$skipToken' },
    },
  ],
  // Versions of an asset share its name.
  identity: 'id|name',
  parameter: 'assetId',
  parts: [
    {
      part: 'by-name',
      read: {
        operation: 'Artifact · Get asset by name',
        base: 'artifact',
        route: `GET ${projectRoute}/assets/name/{name}`,
        seed: 'S0',
        row: '33',
        confidence: ['inf-H'],
      },
      parameters: { name: 'name|id' },
      noneWhen: [],
    },
  ],
};

const artifacts: Family = {
  ...inProject,
  family: 'exp-artifacts',
  title: 'Artifacts and their contents',
  within: [workspace, project, container],
  list: [
    {
      ...inferredList,
      operation: 'Artifact · List artifacts in a container',
      base: 'artifact',
      route: `GET ${projectRoute}/artifacts/origins/{origin}/containers/{container}`,
      constants: { origin: 'ExperimentRun' },
      seed: 'S0',
      row: '30',
    },
  ],
  identity: 'path|artifactId',
  parameter: 'artifactPath',
  liesIn: { container: 'container' },
  bytes: [
    {
      via: {
        read: {
          operation: 'Artifact · Content information',
          base: 'artifact',
          route: `GET ${projectRoute}/artifacts/contentinfo/ExperimentRun/{container}/{+artifactPath}`,
          seed: 'S0',
          row: '31',
          confidence: ['inf-H'],
        },
        parameters: { artifactPath: 'path|artifactId' },
      },
      member: 'contentUri',
      contentType: 'application/octet-stream',
    },
  ],
};

const notifications: Family = {
  ...inProject,
  family: 'exp-notifications',
  title: 'Notification jobs of the person',
  list: [
    {
      operation: 'Notification · List jobs of a user',
      base: 'notification',
      route: `GET ${projectRoute}/users/{objectId}/jobs`,
      seed: 'S0',
      row: '34',
      confidence: ['inf-M'],
      paging: { by: 'next-link', token: '$continuationtoken' },
    },
  ],
  identity: 'jobId|id|name',
  parameter: 'jobId',
  subject: {
    identifier: 'objectId',
    ground: 'Notifications can be listed by Entra object id only, and the request names none: none was looked for.',
    othersGo:
      'Where a project is deleted, all notifications of the project go with it; those of people whose object id was not given are neither listed nor saved.',
  },
};

export const artifactFamilies: readonly Family[] = [assets, artifacts, notifications];
