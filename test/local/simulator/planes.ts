import { armOperations } from '../../../local/simulator/arm/service.ts';
import { experimentsOperations } from '../../../local/simulator/experiments/service.ts';
import { hostingOperations } from '../../../local/simulator/hosting/operations.ts';
import type { RunningSimulator } from '../../../local/simulator/simulator.ts';
import { successorOperations } from '../../../local/simulator/successor/service.ts';
import { visionOperations } from '../../../local/simulator/vision/service.ts';
import { containerOf, type RunHistory } from '../../../local/simulator/world/learning/run-history.ts';
import { arm, projectBase, registryBase, subscription, successorBase } from './learning-asking.ts';
import { firstProject, firstResource, found } from './running.ts';

/** A part of the services with a base of its own, and values that fill its routes with what the world holds. */
export interface Plane {
  readonly plane: string;
  readonly base: string;
  readonly operations: readonly { readonly route: string; readonly name: string }[];
  /** By parameter; of an `{id}` by the literal before it. */
  readonly values: Readonly<Record<string, string>>;
  /** Query options that some operations can't do without. */
  readonly needs?: Readonly<Record<string, string>>;
  readonly version?: string;
}

const firstOf = <T>(things: { values(): Iterable<T> } | undefined): T => found([...(things?.values() ?? [])][0]);

/** Every plane of every service. Deletions must be under way, one of each kind, for the polls to have something to tell. */
export function planesOf(simulator: RunningSimulator): readonly Plane[] {
  return [...visionPlanes(simulator), ...armPlanes(simulator), registryPlane(simulator), ...dataPlanes(simulator)];
}

function visionPlanes(simulator: RunningSimulator): Plane[] {
  const project = firstProject(simulator);
  const iteration = firstOf(project.iterations);
  const ids = [...project.workspace.images.keys()].slice(0, 2).join(',');
  return (['3.0', '3.1', '3.3'] as const).map((version) => ({
    plane: `Custom Vision ${version}`,
    base: `https://${firstResource(simulator).host}/customvision/v${version}/training`,
    operations: visionOperations.filter(({ since }) => since <= version),
    values: { projectId: project.id, iterationId: iteration.id, tagId: firstOf(project.workspace.tags).id },
    needs: {
      GetImagesByIds: `imageIds=${ids}`,
      DeleteImages: `imageIds=${ids}`,
      DeletePrediction: `ids=${[...project.predictions.keys()].slice(0, 2).join(',')}`,
    },
  }));
}

/** The resource manager, one provider after another. */
function armPlanes({ world }: RunningSimulator): Plane[] {
  const [cluster = '', compute = ''] = world.learning.operations.keys();
  const common = { subscriptionId: subscription, resourceGroupName: 'learning', location: 'eastus2' };
  const providers = [
    { provider: 'ModelManagement', version: '2017-09-01-preview', values: { accountName: 'hosting-1' } },
    {
      provider: 'Experimentation',
      version: '2017-05-01-preview',
      values: { accountName: 'experiments1', workspaceName: 'workspace1', projectName: 'project1' },
    },
    {
      provider: 'Services',
      version: '2018-03-01-preview',
      values: { workspaceName: 'computes-1', computeName: 'compute1', operationId: compute },
    },
    {
      provider: 'Compute',
      version: '2017-06-01-preview',
      values: { clusterName: 'cluster-1', operationId: cluster },
    },
  ];
  return providers.map(({ provider, version, values }) => ({
    plane: `resource manager, ${provider}`,
    base: arm,
    operations: armOperations.filter(({ route }) => route.includes(`Microsoft.MachineLearning${provider}/`)),
    values: { ...common, ...values },
    version,
  }));
}

function registryPlane({ world }: RunningSimulator): Plane {
  const { models, manifests, images, services } = firstOf(world.learning.hostingAccounts).registry;
  const service = firstOf(services).id;
  return {
    plane: 'Model Management',
    base: registryBase,
    operations: hostingOperations,
    values: {
      ...{ modelId: firstOf(models).id, manifestId: firstOf(manifests).id, imageId: firstOf(images).id },
      ...{ services: service, deployments: `${service}-deployment` },
    },
    version: '2017-09-01-preview',
  };
}

function dataPlanes(simulator: RunningSimulator): Plane[] {
  const { learning } = simulator.world;
  const project = firstOf(firstOf(firstOf(learning.experimentationAccounts).workspaces).projects);
  const workspace = found([...learning.workspaces.values()].find(({ name }) => name === 'successor-1'));
  const { models, images, services } = workspace.registry;
  const [, , operation = ''] = learning.operations.keys();
  const experiments = (['history', 'artifact', 'notification'] as const).map((service) => ({
    plane: `experiments, ${service}`,
    base: projectBase(service),
    operations: below(experimentsOperations, service),
    values: historyValues(project.history),
    needs: { GetArtifactUri: `name=${encodeURIComponent(firstArtifact(project.history).path)}` },
  }));
  const registered = { models: firstOf(models).id, images: firstOf(images).id, services: firstOf(services).id };
  const successor = (['history/v1.0', 'artifact/v2.0', 'modelmanagement/v1.0'] as const).map((service) => ({
    plane: `successor, ${service}`,
    base: successorBase(service),
    operations: below(successorOperations, service.split('/')[0] ?? ''),
    values: { ...historyValues(workspace.history), ...registered, operations: operation },
    needs: { ...pathsNeeded(firstArtifact(workspace.history).path), Artifacts_ListSasByPrefix: 'path=outputs/' },
  }));
  return [...experiments, ...successor];
}

/** Routes of one service, without its name. */
const below = (operations: Plane['operations'], service: string): Plane['operations'] =>
  operations.flatMap(({ route, name }) => {
    const [verb, path = ''] = route.split(' ');
    return path.startsWith(`/${service}/`) ? [{ route: `${verb} ${path.slice(service.length + 1)}`, name }] : [];
  });

/** An artifact of the first run. */
const firstArtifact = (history: RunHistory) =>
  found([...history.artifacts.values()].find(({ container }) => container === containerOf(firstOf(history.runs))));

function historyValues(history: RunHistory): Record<string, string> {
  const run = firstOf(history.runs);
  const artifact = firstArtifact(history);
  const experiment = found(history.experiments.get(run.experimentId));
  return {
    ...{ runId: run.id, experimentId: experiment.id, experimentName: experiment.name },
    ...{
      metricId: firstOf(history.metrics).id,
      assets: firstOf(history.assets).id,
      name: firstOf(history.assets).name,
    },
    ...{ objectId: firstOf(history.jobs).userObjectId },
    ...{ origin: artifact.origin, container: artifact.container, path: artifact.path },
  };
}

/** Operations of the successor that have an artifact's path among their options. */
function pathsNeeded(path: string): Record<string, string> {
  const needing = successorOperations.filter(({ route }) =>
    /(?<!prefix)\/(metadata|contentinfo|content|artifacturi)$/.test(route),
  );
  return Object.fromEntries(needing.map(({ name }) => [name, `path=${encodeURIComponent(path)}`]));
}
