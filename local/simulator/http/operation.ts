import type { Answer } from './message.ts';
import type { PathParameters } from './router.ts';

/** One operation of a simulated service, served at a route; `Call` is what its handler is given besides the parameters of the path. */
export interface Operation<Call> {
  readonly route: string;
  /** The published operation id, or a name of ours in angle brackets where nothing is published. */
  readonly name: string;
  readonly handle: (call: Call, parameters: Readonly<Record<string, string>>) => Answer;
}

/** Writes down operations on one kind of call; each handler's parameters are typed by its route. */
export function operationsOn<Call>() {
  return <const Route extends string>(
    route: Route,
    name: string,
    handle: (call: Call, parameters: PathParameters<Route>) => Answer,
  ): Operation<Call> => {
    // The router fills exactly the parameters that the route names, which the compiler can't see through a Record.
    return { route, name, handle: handle as Operation<Call>['handle'] };
  };
}
