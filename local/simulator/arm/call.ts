import type { Answer, SimulatedRequest } from '../http/message.ts';
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
export interface ArmOperation {
  readonly route: string;
  /** The published operation id, or a name in angle brackets where nothing is published. */
  readonly name: string;
  /** The versions in which it is served. */
  readonly apiVersions: readonly string[];
  readonly handle: (call: ArmCall, parameters: Readonly<Record<string, string>>) => Answer;
}

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
  ): ArmOperation => {
    // The router fills exactly the parameters that the route names, which the compiler can't see through a Record.
    return { route, name, apiVersions, handle: handle as ArmOperation['handle'] };
  };
}

/** A deletion that is done at once: no body, as the provider's clients expect. */
export function removed(apply: () => void): Answer {
  return { status: 200, headers: { 'Content-Length': '0' }, effect: { apply } };
}

/** What the resource manager answers to a deletion of what isn't there. */
export const alreadyGone: Answer = { status: 204, headers: {} };
