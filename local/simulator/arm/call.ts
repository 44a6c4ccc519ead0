import type { Answer, SimulatedRequest } from '../http/message.ts';
import { type Operation, operationsOn } from '../http/operation.ts';
import type { PathParameters } from '../http/router.ts';
import type { Simulation } from '../simulation.ts';
import type { LearningWorld } from '../world/learning/model.ts';
import type { Behaviour } from '../world/model.ts';

/** A call that the resource manager let through to the provider. */
export interface ArmCall {
  readonly request: SimulatedRequest;
  readonly learning: LearningWorld;
  readonly behaviour: Behaviour;
  readonly simulation: Simulation;
}

/** One operation of a resource provider; routes are whole paths. */
export interface ArmOperation extends Operation<ArmCall> {
  /** The versions in which it is served. */
  readonly apiVersions: readonly string[];
}

const armOperation = operationsOn<ArmCall>();

/** What every resource's path begins with. */
export interface GroupParameters {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
}

/** Writes down operations of one provider version; handlers' parameters are typed by their routes. */
export function operationsOf(apiVersions: readonly string[]) {
  return <const Route extends string>(
    route: Route,
    name: string,
    handle: (call: ArmCall, parameters: PathParameters<Route>) => Answer,
  ): ArmOperation => ({ ...armOperation(route, name, handle), apiVersions });
}

/** A deletion that is done at once: no body, as the provider's clients expect. */
export function removed(apply: () => void): Answer {
  return { status: 200, headers: { 'Content-Length': '0' }, effect: { apply } };
}

/** What the resource manager answers to a deletion of what isn't there. */
export const alreadyGone: Answer = { status: 204, headers: {} };
