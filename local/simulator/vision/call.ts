import type { Answer, SimulatedRequest } from '../http/message.ts';
import { queryValue } from '../http/message.ts';
import { type Operation, operationsOn } from '../http/operation.ts';
import type { PathParameters } from '../http/router.ts';
import type { LinkMaker } from '../storage/links.ts';
import type { Iteration, Project, TrainingSet, VisionResource, World } from '../world/model.ts';
import { VisionRefusal } from './refusals.ts';
import type { VisionVersion } from './versions.ts';

/** A call that passed the gateway: the resource whose key it carries, and what answers are made with. */
export interface VisionCall {
  readonly request: SimulatedRequest;
  readonly world: World;
  readonly resource: VisionResource;
  readonly version: VisionVersion;
  readonly links: LinkMaker;
}

/** One operation of the Training API; routes begin after `/customvision/{version}/training`. */
export interface VisionOperation extends Operation<VisionCall> {
  readonly since: VisionVersion;
}

const visionOperation = operationsOn<VisionCall>();

/** Writes down one operation; the handler's parameters are typed by the route. */
export function operation<const Route extends string>(
  route: Route,
  name: string,
  handle: (call: VisionCall, parameters: PathParameters<Route>) => Answer,
): VisionOperation {
  return { ...visionOperation(route, name, handle), since: '3.0' };
}

/** The same operation, absent from versions before `since`. */
export function introduced(since: VisionVersion, entry: VisionOperation): VisionOperation {
  return { ...entry, since };
}

/** The project of a path. Throws NotFoundProject. */
export function projectOf(call: VisionCall, { projectId }: { readonly projectId: string }): Project {
  const project = call.resource.projects.get(projectId.toLowerCase());
  if (!project) throw new VisionRefusal('NotFoundProject', 'Invalid project identifier.');
  return project;
}

/** The iteration of a path. Throws NotFoundIteration. */
export function iterationOf(project: Project, { iterationId }: { readonly iterationId: string }): Iteration {
  const iteration = project.iterations.get(iterationId.toLowerCase());
  if (!iteration) throw new VisionRefusal('NotFoundIteration', 'Invalid iteration identifier.');
  return iteration;
}

/** The training set that `iterationId` in the query names; without it, or with the workspace's own id, the workspace. */
export function trainingSetOf(call: VisionCall, project: Project): TrainingSet {
  const iterationId = queryValue(call.request, 'iterationId')?.toLowerCase();
  if (iterationId === undefined || iterationId === project.workspaceId) return project.workspace;
  return iterationOf(project, { iterationId }).trainingSet;
}

/** A 204 as recorded: no content type. The change happens through the effect. */
export function deleted(apply: () => void): Answer {
  return { status: 204, headers: { 'Content-Length': '0' }, effect: { apply } };
}
