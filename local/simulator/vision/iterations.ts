import { jsonAnswer } from '../http/message.ts';
import type { Iteration, Project } from '../world/model.ts';
import { deleted, iterationOf, operation, projectOf, type VisionCall, type VisionOperation } from './call.ts';
import { visionDate } from './dates.ts';
import { VisionRefusal } from './refusals.ts';
import { atLeast, type VisionVersion } from './versions.ts';

const predictionResource =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/simulated/providers/Microsoft.CognitiveServices/accounts/prediction';

export const iterationOperations: readonly VisionOperation[] = [
  operation('GET /projects/{projectId}/iterations', 'GetIterations', (call, parameters) => {
    const project = projectOf(call, parameters);
    return jsonAnswer(
      200,
      [...project.iterations.values()].map((iteration) => readIteration(call, project, iteration)),
    );
  }),
  operation('GET /projects/{projectId}/iterations/{iterationId}', 'GetIteration', (call, parameters) => {
    const project = projectOf(call, parameters);
    return jsonAnswer(200, readIteration(call, project, iterationOf(project, parameters)));
  }),
  operation('DELETE /projects/{projectId}/iterations/{iterationId}', 'DeleteIteration', (call, parameters) => {
    const project = projectOf(call, parameters);
    if (parameters.iterationId.toLowerCase() === project.workspaceId) {
      throw new VisionRefusal('BadRequestWorkspaceNotDeletable', 'The workspace cannot be deleted.');
    }
    const iteration = iterationOf(project, parameters);
    if (iteration.publishName) {
      throw new VisionRefusal('BadRequestIterationIsPublished', 'The iteration is published. Unpublish it first.');
    }
    if (iteration.status === 'Training') {
      countRead(iteration);
      throw new VisionRefusal('BadRequestTrainingAlreadyInProgress', 'The iteration is in training.');
    }
    return deleted(() => project.iterations.delete(iteration.id));
  }),
  operation(
    'DELETE /projects/{projectId}/iterations/{iterationId}/publish',
    'UnpublishIteration',
    (call, parameters) => {
      const iteration = iterationOf(projectOf(call, parameters), parameters);
      if (!iteration.publishName) {
        throw new VisionRefusal('BadRequestIterationNotPublished', 'The iteration is not published.');
      }
      return deleted(() => {
        iteration.publishName = null;
      });
    },
  ),
];

/** Shows an iteration and lets its training go on: who asks often enough sees it completed. */
function readIteration(call: VisionCall, project: Project, iteration: Iteration): object {
  const document = iterationDocument(call.version, project, iteration);
  countRead(iteration);
  return document;
}

function countRead(iteration: Iteration): void {
  if (iteration.status !== 'Training') return;
  iteration.readsLeft -= 1;
  if (iteration.readsLeft > 0) return;
  iteration.status = 'Completed';
  iteration.trainedAt = iteration.created + 10_000;
}

/** As recorded: `trainedAt` absent before completion; platforms, domain and classification null early in training, then filled. */
function iterationDocument(version: VisionVersion, project: Project, iteration: Iteration): object {
  const early = iteration.status === 'New' || (iteration.status === 'Training' && iteration.readsLeft > 1);
  const published = iteration.publishName !== null;
  return {
    id: iteration.id,
    name: iteration.name,
    status: iteration.status,
    created: visionDate(iteration.created),
    lastModified: visionDate(iteration.lastModified),
    ...(iteration.trainedAt !== null && { trainedAt: visionDate(iteration.trainedAt) }),
    projectId: project.id,
    exportable: iteration.exportable,
    exportableTo: early ? null : iteration.exportable ? ['CoreML', 'DockerFile', 'ONNX', 'TensorFlow'] : [],
    domainId: early ? null : project.domainId,
    classificationType: early || project.detection ? null : 'Multilabel',
    trainingType: 'Regular',
    reservedBudgetInHours: 0,
    ...(atLeast(version, '3.1') && { trainingTimeInMinutes: early ? 0 : 1 }),
    publishName: iteration.publishName,
    originalPublishResourceId: published ? predictionResource : null,
  };
}
