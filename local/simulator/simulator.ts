import { createServer, type Server } from 'node:http';
import { armThrottle } from './arm/throttle.ts';
import { type CallLog, callLog } from './calls.ts';
import { controlService } from './control.ts';
import { dispatcher, type ObservedAnswer } from './dispatch.ts';
import { type FaultScript, faultScript } from './faults/script.ts';
import { identityService, identitySettings } from './identity/endpoint.ts';
import { type TokenIssuer, tokenIssuer } from './identity/tokens.ts';
import { learningServices } from './learning-services.ts';
import { pendingEffects } from './pending.ts';
import { type Rate, rateLimiter, visionRate } from './rate-limit.ts';
import type { Simulation } from './simulation.ts';
import { blobService } from './storage/blob-service.ts';
import { visionAccountService } from './vision/account.ts';
import { visionService } from './vision/service.ts';
import { makeWorld } from './world/make.ts';
import type { World } from './world/model.ts';
import type { WorldOptions } from './world/options.ts';

export interface SimulatorOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** A made world, or what to make one from. */
  readonly world?: WorldOptions | World;
  /** Ten calls a second for each key by default; false switches it off. */
  readonly rateLimit?: boolean | Rate;
  /** The resource manager's buckets, on by default; switched off they are still counted in headers. */
  readonly armThrottling?: boolean;
  /** Milliseconds since 1970; expiry, tokens and rate limit follow it. */
  readonly now?: () => number;
  /** Gets one line for each call. */
  readonly log?: (line: string) => void;
  /** Sees each answer of a service before it is sent: tests check them against the specifications. */
  readonly onAnswer?: (answer: ObservedAnswer) => void;
}

export interface RunningSimulator {
  /** `http://127.0.0.1:PORT`, the value for UPSTREAM_GATEWAY. */
  readonly url: string;
  readonly port: number;
  /** Live: what tests change here, the next call sees. */
  readonly world: World;
  readonly faults: FaultScript;
  readonly calls: CallLog;
  /** Values of IDENTITY_ENDPOINT and IDENTITY_HEADER. */
  readonly identity: { readonly endpoint: string; readonly header: string };
  /** Live, too: how long tokens last. */
  readonly tokens: Pick<TokenIssuer, 'lifeSeconds'>;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/** Starts the upstream services on 127.0.0.1 and resolves once requests are answered. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
  const world = isWorld(options.world) ? options.world : makeWorld(options.world);
  const now = options.now ?? Date.now;
  const faults = faultScript();
  const calls = callLog();
  const pending = pendingEffects();
  let port = 0;
  const rate = rateOf(options.rateLimit);
  const simulation: Simulation = {
    world,
    now,
    port: () => port,
    tokens: tokenIssuer(world.seed, now),
    rateLimiter: rate && rateLimiter(rate, now),
    armThrottle: armThrottle(options.armThrottling ?? options.rateLimit !== false, now),
  };
  const control = controlService({ world, faults, calls, pending, origin: () => `http://127.0.0.1:${port}` });
  const services = [control, identityService, blobService, visionAccountService, visionService, ...learningServices];
  const { log, onAnswer } = options;
  const server = createServer(
    { maxHeaderSize: 65_536 }, // 256 ids in one URL take ten thousand characters
    dispatcher({ simulation, services, faults, calls, pending, ...(log && { log }), ...(onAnswer && { onAnswer }) }),
  );
  server.keepAliveTimeout = 60_000; // longer than clients keep an idle connection: else they meet resets nobody scripted
  port = await listen(server, options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;
  const { tokens } = simulation;
  const identity = identitySettings(url, world.seed);
  return { url, port, world, faults, calls, identity, tokens, stop: () => stop(server) };
}

/** Options have no member `learning`. */
function isWorld(candidate: WorldOptions | World | undefined): candidate is World {
  return candidate !== undefined && 'learning' in candidate;
}

function rateOf(wish: boolean | Rate | undefined): Rate | undefined {
  if (wish === false) return undefined;
  return wish === true || wish === undefined ? visionRate : wish;
}

async function listen(server: Server, wish: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(wish, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The simulator listens on no port.');
  return address.port;
}

async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
