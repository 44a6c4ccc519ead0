import { z } from 'zod';
import type { CallLog } from './calls.ts';
import { faultRuleSchema } from './faults/rules.ts';
import type { FaultScript } from './faults/script.ts';
import { type Answer, isLoopback, jsonAnswer, queryValue, type SimulatedRequest } from './http/message.ts';
import { routerOf } from './http/router.ts';
import { identitySettings } from './identity/endpoint.ts';
import type { PendingEffects } from './pending.ts';
import { controlOperation, type Service } from './simulation.ts';
import { changeWorld, worldChangeSchema } from './world/change.ts';
import type { World } from './world/model.ts';
import { snapshotOf } from './world/snapshot.ts';

export interface Controlled {
  readonly world: World;
  readonly faults: FaultScript;
  readonly calls: CallLog;
  readonly pending: PendingEffects;
  readonly origin: () => string;
}

interface ControlRoute {
  readonly route: string;
  readonly handle: (parts: Controlled, request: SimulatedRequest) => unknown;
}

const routes: readonly ControlRoute[] = [
  {
    route: 'GET /_simulator',
    handle: ({ world, origin }) => ({
      url: origin(),
      seed: world.seed,
      blobHost: world.blobHost,
      identity: identitySettings(origin(), world.seed),
      resources: world.resources.map(({ name, host, keys }) => ({ name, host, keys })),
      people: world.learning.people,
    }),
  },
  {
    route: 'GET /_simulator/snapshot',
    handle: ({ world, pending }) => ({ ...snapshotOf(world), pending: pending.size }),
  },
  {
    route: 'GET /_simulator/calls',
    handle: ({ calls }, request) => {
      const since = Number(queryValue(request, 'since') ?? 0);
      return { total: calls.total, calls: calls.list.filter(({ sequence }) => sequence > since) };
    },
  },
  { route: 'DELETE /_simulator/calls', handle: ({ calls }) => calls.clear() },
  { route: 'GET /_simulator/faults', handle: ({ faults }) => faults.list() },
  {
    route: 'POST /_simulator/faults',
    handle: ({ faults }, request) => {
      const wished: unknown = JSON.parse(request.body);
      faults.add(...z.array(faultRuleSchema).parse(Array.isArray(wished) ? wished : [wished]));
      return faults.list();
    },
  },
  { route: 'DELETE /_simulator/faults', handle: ({ faults }) => faults.clear() },
  {
    route: 'POST /_simulator/world',
    handle: ({ world }, request) => changeWorld(world, worldChangeSchema.parse(JSON.parse(request.body))),
  },
];

const find = routerOf(routes);

/** Lets tests in other processes look at the simulator and steer it: `/_simulator/…` on loopback or on host `simulator.local`. */
export function controlService(parts: Controlled): Service {
  return {
    name: 'control',
    take: (request) => {
      const mine = isLoopback(request.host) || request.host === 'simulator.local';
      if (!mine || !/^\/_simulator(\/|$)/.test(request.path)) return undefined;
      return { operation: controlOperation, answer: (sent) => answerControl(parts, sent) };
    },
  };
}

/** 204 where there is nothing to tell; 400 with the reason for what can't be read or doesn't exist. */
function answerControl(parts: Controlled, request: SimulatedRequest): Answer {
  const match = find(request.method, request.path);
  if (!match) return jsonAnswer(404, { message: 'No such control call.' });
  try {
    const result = match.entry.handle(parts, request);
    return result === undefined ? { status: 204, headers: {} } : jsonAnswer(200, result);
  } catch (error) {
    return jsonAnswer(400, { message: error instanceof Error ? error.message : String(error) });
  }
}
