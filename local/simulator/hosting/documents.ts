import type { HostedService, Manifest, RegisteredModel, ServiceImage } from '../world/learning/registry.ts';
import type { HostingCall } from './call.ts';

/** Shapes of the reference page (endpoints.md, part E, "Model Management data plane"). */
export function modelDocument({ links }: HostingCall, model: RegisteredModel): object {
  return {
    id: model.id,
    name: model.name,
    version: model.version,
    url: links.image(model.file),
    mimeType: 'application/zip',
    description: model.description,
    tags: model.tags,
    unpack: true,
    createdAt: dateOf(model),
  };
}

/** A manifest; the driver program is an asset behind a link. */
export function manifestDocument({ links }: HostingCall, manifest: Manifest): object {
  return {
    id: manifest.id,
    name: manifest.name,
    version: manifest.version,
    description: 'Made by the simulator',
    assets: [{ id: 'driver', mimeType: 'application/x-python', unpack: false, url: links.image(manifest.file) }],
    driverProgram: 'driver',
    modelIds: manifest.modelIds,
    modelType: 'Registered',
    targetRuntime: { runtimeType: 'Python', properties: { condaEnvFile: 'conda.yml' } },
    webserviceType: 'Realtime',
    createdTime: dateOf(manifest),
  };
}

/** An image embeds its manifest. */
export function imageDocument(call: HostingCall, image: ServiceImage): object {
  const registry = 'mlcrpacr431422597e76.azurecr.io';
  return {
    id: image.id,
    name: image.name,
    version: image.version,
    description: 'Made by the simulator',
    imageType: 'Docker',
    imageLocation: `${registry}/${image.name}:${image.version}`,
    imageBuildLogUri: call.links.image(`/l-logs/${image.id}`),
    ...(image.manifest && { manifest: manifestDocument(call, image.manifest) }),
    computeResourceId: call.computeResourceId,
    createdTime: dateOf(image),
    creationState: 'Succeeded',
  };
}

/** A service embeds image, manifest and models, as far as they still exist. */
export function serviceDocument(call: HostingCall, service: HostedService): object {
  const image = service.imageId === null ? undefined : call.registry.images.get(service.imageId);
  const failure = { code: 'DeploymentFailed', message: 'Made to fail.', details: [], statusCode: 400 };
  return {
    [call.behaviour.serviceIdSpelling]: service.id,
    name: service.name,
    state: service.state,
    createdAt: dateOf(service),
    updatedAt: dateOf(service),
    scoringUri: `http://40.70.1.2:80/api/v1/service/${service.name}/score`,
    ...(image && { image: imageDocument(call, image) }),
    ...(image?.manifest && { manifest: manifestDocument(call, image.manifest) }),
    models: service.modelIds.flatMap((id) => {
      const model = call.registry.models.get(id);
      return model ? [modelDocument(call, model)] : [];
    }),
    computeResource: { id: call.computeResourceId, type: 'Cluster' },
    appInsightsEnabled: true,
    autoScaler: {
      autoscaleEnabled: true,
      minReplicas: 1,
      maxReplicas: 10,
      refreshPeriodInSeconds: 10,
      targetUtilization: 70,
    },
    containerResourceReservation: { cpu: '0.1', memory: '0.5G' },
    dataCollection: { eventHubEnabled: false, storageEnabled: true },
    maxConcurrentRequestsPerContainer: 1,
    numReplicas: 1,
    ...(service.state === 'Failed' && { error: failure }),
  };
}

/** A deployment: the only list here that is a bare array. */
export function deploymentDocument(service: HostedService): object {
  return {
    id: `${service.id}-deployment`,
    serviceName: service.name,
    imageId: service.imageId,
    status: service.state,
    createdAt: dateOf(service),
    expiredAt: null,
  };
}

function dateOf({ created }: { readonly created: number }): string {
  return new Date(created).toISOString();
}
