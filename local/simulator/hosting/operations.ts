import { jsonAnswer } from '../http/message.ts';
import { deletion, filtered, type HostingOperation, hostingList, itemOf, operation, refuseReferenced } from './call.ts';
import { deploymentDocument, imageDocument, manifestDocument, modelDocument, serviceDocument } from './documents.ts';

const models: readonly HostingOperation[] = [
  operation('GET /models', 'ListModels', (call) => {
    const found = filtered(call.request, call.registry.models.values(), {
      name: ({ name }, wanted) => name === wanted,
      tag: ({ tags }, wanted) => tags.includes(wanted),
    });
    return hostingList(call, found, (model) => modelDocument(call, model));
  }),
  operation('GET /models/{modelId}', 'GetModel', (call, { modelId }) =>
    jsonAnswer(200, modelDocument(call, itemOf(call.registry.models, modelId, 'Model'))),
  ),
  operation('DELETE /models/{modelId}', 'DeleteModel', (call, { modelId }) => {
    const uses = [...call.registry.manifests.values()].filter(({ modelIds }) => modelIds.includes(modelId));
    refuseReferenced(call, uses);
    return deletion(call.registry.models, modelId.toLowerCase(), ({ file }) => call.learning.files.delete(file));
  }),
];

const manifests: readonly HostingOperation[] = [
  operation('GET /manifests', 'ListManifests', (call) => {
    const found = filtered(call.request, call.registry.manifests.values(), {
      modelId: ({ modelIds }, wanted) => modelIds.includes(wanted),
      manifestName: ({ name }, wanted) => name === wanted,
    });
    return hostingList(call, found, (manifest) => manifestDocument(call, manifest));
  }),
  operation('GET /manifests/{manifestId}', 'GetManifest', (call, { manifestId }) =>
    jsonAnswer(200, manifestDocument(call, itemOf(call.registry.manifests, manifestId, 'Manifest'))),
  ),
  operation('DELETE /manifests/{manifestId}', 'DeleteManifest', (call, { manifestId }) => {
    refuseReferenced(
      call,
      [...call.registry.images.values()].filter(({ manifest }) => manifest?.id === manifestId),
    );
    return deletion(call.registry.manifests, manifestId.toLowerCase(), ({ file }) => call.learning.files.delete(file));
  }),
];

const images: readonly HostingOperation[] = [
  operation('GET /images', 'ListImages', (call) => {
    const found = filtered(call.request, call.registry.images.values(), {
      manifestId: ({ manifest }, wanted) => manifest?.id === wanted,
      manifestName: ({ manifest }, wanted) => manifest?.name === wanted,
    });
    return hostingList(call, found, (image) => imageDocument(call, image));
  }),
  operation('GET /images/{imageId}', 'GetImage', (call, { imageId }) =>
    jsonAnswer(200, imageDocument(call, itemOf(call.registry.images, imageId, 'Image'))),
  ),
  operation('DELETE /images/{imageId}', 'DeleteImage', (call, parameters) => {
    const uses = [...call.registry.services.values()].filter(({ imageId }) => imageId === parameters.imageId);
    refuseReferenced(call, uses);
    return deletion(call.registry.images, parameters.imageId.toLowerCase());
  }),
];

const services: readonly HostingOperation[] = [
  operation('GET /services', 'ListServices', (call) => {
    const found = filtered(call.request, call.registry.services.values(), {
      serviceName: ({ name }, wanted) => name === wanted,
      modelId: ({ modelIds }, wanted) => modelIds.includes(wanted),
      imageId: ({ imageId }, wanted) => imageId === wanted,
    });
    return hostingList(call, found, (service) => serviceDocument(call, service));
  }),
  /** By id only: a name is nobody's id (contradictions.md, 5). */
  operation('GET /services/{id}', 'GetService', (call, { id }) =>
    jsonAnswer(200, serviceDocument(call, itemOf(call.registry.services, id, 'Service'))),
  ),
  operation('DELETE /services/{id}', 'DeleteService', (call, { id }) =>
    deletion(call.registry.services, id.toLowerCase()),
  ),
];

const deployments: readonly HostingOperation[] = [
  operation('GET /deployments', 'ListDeployments', (call) => {
    const found = filtered(call.request, call.registry.services.values(), {
      serviceId: ({ id }, wanted) => id === wanted,
    });
    return jsonAnswer(200, found.map(deploymentDocument));
  }),
  operation('GET /deployments/{id}', 'GetDeployment', (call, { id }) =>
    jsonAnswer(200, deploymentDocument(itemOf(call.registry.services, id.replace(/-deployment$/, ''), 'Deployment'))),
  ),
];

/** Every operation of the Model Management data plane that is simulated. */
export const hostingOperations: readonly HostingOperation[] = [
  ...models,
  ...manifests,
  ...images,
  ...services,
  ...deployments,
];
