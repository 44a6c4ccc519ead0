import type { Throttle } from './arm/throttle.ts';
import type { Answer, SimulatedRequest } from './http/message.ts';
import type { TokenIssuer } from './identity/tokens.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { World } from './world/model.ts';

/** What every service of one running simulator shares. */
export interface Simulation {
  readonly world: World;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly port: () => number;
  readonly tokens: TokenIssuer;
  /** Custom Vision's. */
  readonly rateLimiter: RateLimiter | undefined;
  /** The resource manager's. */
  readonly armThrottle: Throttle;
}

/** A request that a service has taken: its operation is known before anything is answered, so that faults can be aimed. */
export interface Taken {
  /** The published operation id, or a name in angle brackets where there is none. */
  readonly operation: string;
  readonly answer: (request: SimulatedRequest) => Answer;
}

/** One upstream service. `take` gives undefined when the request is for another host. */
export interface Service {
  readonly name: string;
  readonly take: (request: SimulatedRequest, simulation: Simulation) => Taken | undefined;
}

/** Operation of calls that steer the simulator: neither recorded nor harmed. */
export const controlOperation = '<control>';
