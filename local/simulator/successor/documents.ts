import { netDate } from '../experiments/documents.ts';
import type { HostedService, RegisteredModel, ServiceImage } from '../world/learning/registry.ts';
import { plantedSecret } from '../world/learning/secrets.ts';
import type { SuccessorCall } from './call.ts';

/** Definition `Model` of 2019-09-30. */
export function successorModel({ links, history }: SuccessorCall, model: RegisteredModel): object {
  const run = model.runId === null ? undefined : history.runs.get(model.runId);
  const experiment = run && history.experiments.get(run.experimentId);
  return {
    id: model.id,
    name: model.name,
    framework: 'ScikitLearn',
    frameworkVersion: '0.20.3',
    version: model.version,
    datasets: [],
    url: model.asset === undefined ? links.image(model.file) : `aml://asset/${model.asset}`,
    mimeType: 'application/json',
    description: model.description,
    createdTime: netDate(model.created),
    modifiedTime: netDate(model.created),
    unpack: false,
    parentModelId: null,
    runId: model.runId,
    experimentName: experiment?.name ?? null,
    kvTags: { ...(model.owner !== null && { owner: model.owner }), topic: model.tags[1] ?? '' },
    properties: {},
  };
}

/** Definition `DockerImageResponse`. */
export function successorImage(call: SuccessorCall, image: ServiceImage): object {
  return {
    id: image.id,
    name: image.name,
    version: image.version,
    description: 'Made by the simulator',
    kvTags: {},
    properties: {},
    createdTime: netDate(image.created),
    modifiedTime: netDate(image.created),
    autoDelete: false,
    imageType: 'Docker',
    imageFlavor: 'WebApiContainer',
    creationState: 'Succeeded',
    error: null,
    modelIds: image.modelIds,
    modelDetails: modelsOf(call, image.modelIds),
    imageLocation: `successor.azurecr.io/${image.name}:${image.version}`,
    imageBuildLogUri: call.links.image(`/l-logs/${image.name}`),
    operationId: null,
    driverProgram: 'score.py',
    assets: [],
    targetRuntime: { targetArchitecture: 'Amd64', osType: 'Linux', runtimeType: 'Python', properties: {} },
    dockerFileUri: null,
    generatedDockerFileUri: null,
  };
}

/** Definition `ACIServiceResponse`. */
export function successorService(call: SuccessorCall, service: HostedService): object {
  const image = service.imageId === null ? undefined : call.registry.images.get(service.imageId);
  const failed = service.state === 'Failed';
  return {
    id: service.id,
    name: service.name,
    description: 'Made by the simulator',
    kvTags: {},
    properties: {},
    operationId: null,
    state: failed ? 'Failed' : 'Healthy',
    createdTime: netDate(service.created),
    updatedTime: netDate(service.created),
    error: failed ? { code: 'DeploymentFailed', statusCode: 400, message: 'Made to fail.', details: [] } : null,
    computeType: 'ACI',
    deploymentType: 'HttpRealtimeEndpoint',
    containerResourceRequirements: { cpu: 1, memoryInGB: 1, gpu: null, fpga: null },
    imageId: image?.id ?? null,
    imageDetails: image ? successorImage(call, image) : null,
    scoringUri: `https://${service.name}.eastus2.azurecontainer.io/score`,
    location: 'eastus2',
    authEnabled: true,
    sslEnabled: true,
    appInsightsEnabled: true,
    dataCollection: { eventHubEnabled: false, storageEnabled: true },
    sslCertificate: plantedSecret('sslCertificate'),
    sslKey: plantedSecret('sslKey'),
    cname: 'scoring.contoso.example',
    publicIp: '13.68.107.203',
    publicFqdn: `${service.name}.eastus2.azurecontainer.io`,
    swaggerUri: null,
    modelConfigMap: {},
    environment: environmentDocument(),
    models: modelsOf(call, service.modelIds),
  };
}

function environmentDocument(): object {
  return {
    name: 'scoring',
    version: '1',
    environmentVariables: { LOG_LEVEL: 'info' },
    docker: {
      baseImage: 'contoso.azurecr.io/base:1',
      enabled: true,
      baseImageRegistry: {
        address: 'contoso.azurecr.io',
        username: plantedSecret('baseImageRegistry.username'),
        password: plantedSecret('baseImageRegistry.password'),
      },
    },
  };
}

function modelsOf(call: SuccessorCall, ids: readonly string[]): object[] {
  return ids.flatMap((id) => {
    const model = call.registry.models.get(id);
    return model ? [successorModel(call, model)] : [];
  });
}
