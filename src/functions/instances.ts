import type { InvocationContext } from '@azure/functions';
import { getClient, OrchestrationRuntimeStatus } from 'durable-functions';
import type { RaiseEvent } from '../lib/steps/rounds/finish-slice.ts';
import type { Instances } from '../lib/steps/runs/start-run.ts';
import type { History, Window } from '../lib/steps/sweeps/sweep.ts';
import { ORCHESTRATORS } from '../lib/workflow/orchestrators.ts';

const ALIVE: readonly OrchestrationRuntimeStatus[] = [
  OrchestrationRuntimeStatus.Pending,
  OrchestrationRuntimeStatus.Running,
  OrchestrationRuntimeStatus.Suspended,
  OrchestrationRuntimeStatus.ContinuedAsNew,
];

const ENDED: readonly OrchestrationRuntimeStatus[] = [
  OrchestrationRuntimeStatus.Completed,
  OrchestrationRuntimeStatus.Failed,
  OrchestrationRuntimeStatus.Terminated,
  OrchestrationRuntimeStatus.Canceled,
];

/** The durable client of an invocation, as the steps need it. The function needs a durable client input. */
export function instancesOf(context: InvocationContext): Instances {
  const client = getClient(context);
  const status: Instances['status'] = async (instanceId) => {
    try {
      const { runtimeStatus } = await client.getStatus(instanceId);
      return ALIVE.includes(runtimeStatus) ? 'alive' : 'ended';
    } catch (error) {
      // The library throws for an unknown instance; anything else must not be taken for that.
      if (error instanceof Error && /HTTP 404\b/.test(error.message)) return 'missing';
      throw error;
    }
  };
  return {
    status,
    async start(instanceId, input) {
      try {
        await client.startNew(ORCHESTRATORS.run, { instanceId, input });
      } catch (error) {
        // Somebody started it at the same time: that is success.
        if ((await status(instanceId)) === 'missing') throw error;
      }
    },
  };
}

/** Events are hints, the blobs are the truth: a round that has ended or never was is no failure. */
export function raiseFrom(context: InvocationContext): RaiseEvent {
  const client = getClient(context);
  return async (instanceId, event) => {
    try {
      await client.raiseEvent(instanceId, event, {});
    } catch {
      context.debug(`Event ${event} did not reach ${instanceId}; the next round finds the result.`);
    }
  };
}

/** Histories of orchestrations that have ended. The function needs a durable client input. */
export function historyOf(context: InvocationContext): History {
  const client = getClient(context);
  const filter = ({ from, to }: Window) => ({ createdTimeFrom: from, createdTimeTo: to, runtimeStatus: [...ENDED] });
  return {
    count: async (window) => (await client.getStatusBy(filter(window))).length,
    purge: async (window) => (await client.purgeInstanceHistoryBy(filter(window))).instancesDeleted,
  };
}
