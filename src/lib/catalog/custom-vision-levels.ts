import type { Level } from './family.ts';
import type { Operation } from './operation.ts';

/* What all families of Custom Vision stand within: shared/contracts/endpoints.md, rows 39-42. */

export const whole = { by: 'whole' } as const;
export const recorded = ['spec', 'rec'] as const;

export const getProjects: Operation = {
  operation: 'GetProjects',
  route: 'GET /projects',
  seed: 'S4',
  row: '39',
  confidence: recorded,
  paging: whole,
};
export const getProject: Operation = {
  operation: 'GetProject',
  route: 'GET /projects/{projectId}',
  seed: 'S4',
  row: '40',
  confidence: recorded,
};
export const getIterations: Operation = {
  operation: 'GetIterations',
  route: 'GET /projects/{projectId}/iterations',
  seed: 'S4',
  row: '41',
  confidence: recorded,
  paging: whole,
};
export const getIteration: Operation = {
  operation: 'GetIteration',
  route: 'GET /projects/{projectId}/iterations/{iterationId}',
  seed: 'S4',
  row: '42',
  confidence: recorded,
};

export const project: Level = {
  name: 'project',
  list: getProjects,
  read: getProject,
  identity: 'id',
  parameter: 'projectId',
};
export const iteration: Level = {
  name: 'iteration',
  list: getIterations,
  read: getIteration,
  identity: 'id',
  parameter: 'iterationId',
};
