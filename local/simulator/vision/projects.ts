import { jsonAnswer } from '../http/message.ts';
import { imagePath } from '../storage/find.ts';
import type { Project } from '../world/model.ts';
import { deleted, operation, projectOf, type VisionCall, type VisionOperation } from './call.ts';
import { visionDate } from './dates.ts';
import { VisionRefusal } from './refusals.ts';
import { atLeast } from './versions.ts';

const augmentations = ['rotation', 'scaling', 'translation', 'horizontal flip', 'equalize', 'solarize', 'padtosquare'];

export const projectOperations: readonly VisionOperation[] = [
  operation('GET /projects', 'GetProjects', (call) => {
    const newestFirst = [...call.resource.projects.values()].sort((one, other) => other.created - one.created);
    return jsonAnswer(
      200,
      newestFirst.map((project) => projectDocument(call, project)),
    );
  }),
  operation('GET /projects/{projectId}', 'GetProject', (call, parameters) =>
    jsonAnswer(200, projectDocument(call, projectOf(call, parameters))),
  ),
  operation('DELETE /projects/{projectId}', 'DeleteProject', (call, parameters) => {
    const project = projectOf(call, parameters);
    if (project.drModeEnabled)
      throw new VisionRefusal('ForbiddenDRModeEnabled', 'The project is in disaster recovery mode.');
    if ([...project.iterations.values()].some(({ publishName }) => publishName)) {
      throw new VisionRefusal('BadRequestIterationIsPublished', 'Unpublish the iterations of the project first.');
    }
    return deleted(() => call.resource.projects.delete(project.id));
  }),
];

function projectDocument(call: VisionCall, project: Project): object {
  const since31 = atLeast(call.version, '3.1');
  const cover = [...project.workspace.images.values()][0];
  return {
    id: project.id,
    name: project.name,
    description: project.description,
    settings: {
      domainId: project.domainId,
      classificationType: project.detection ? null : 'Multilabel',
      targetExportPlatforms: [],
      ...(since31 && {
        useNegativeSet: true,
        detectionParameters: null,
        imageProcessingSettings: { augmentationMethods: Object.fromEntries(augmentations.map((name) => [name, true])) },
      }),
    },
    created: visionDate(project.created),
    lastModified: visionDate(project.lastModified),
    thumbnailUri: cover ? call.links.image(imagePath(project, cover, 't')) : null,
    drModeEnabled: project.drModeEnabled,
    ...(atLeast(call.version, '3.3') && { status: 'Succeeded' }),
  };
}
