import { type Stage, startStage } from '../../test/end-to-end/support/stage.ts';
import { HostProcess } from '../../test/faults/support/host-process.ts';
import { childrenOf } from './children.ts';
import { Passage } from './passage.ts';

/** Targets of Custom Vision: signed in to by key, by identity, and one that nobody asks for. */
export const VISION = { key: 'vision', entra: 'vision-entra', neighbour: 'neighbour' } as const;
/** Azure ML accounts and resource groups of clusters, each with a neighbour. */
export const LEARNING = { account: 'studied', clusters: 'serving', neighbour: 'neighbour' } as const;

/** As small as a project can be that has one of everything and more than one page of some. */
const PROJECT = { experiments: 1, runs: 3, assets: 1, artifactsPerRun: 1, artifactBytes: 90, people: [0] };
const workspaces = [{ name: 'alpha', projects: [{ name: 'one', ...PROJECT }] }];

/** Long enough for what passes, short enough for what doesn't. */
const SETTINGS = {
  DSR_ROUND_SECONDS: '1',
  DSR_PATIENCE_SECONDS: '20',
  DSR_PROOF_SECONDS: '12',
  DSR_RESEND_SECONDS: '20',
  DSR_WATCHDOG_SCHEDULE: '*/10 * * * * *',
};

/** An installation of its own: storage, upstream services, and the app on a host that can be killed. Rounds use it one after another. */
export interface FaultLane {
  readonly stage: Stage;
  readonly host: HostProcess;
  readonly passage: Passage;
  /** Where the round began in logs that only grow. */
  readonly mark: { line: number; call: number };
  /** Ends every worker at once, as a machine does that loses its power. */
  killWorkers(): void;
  stop(): Promise<void>;
}

export async function startFaultLane(): Promise<FaultLane> {
  const passage = new Passage();
  const stage = await startStage({
    targets: [
      { name: VISION.key, projects: 0 },
      { name: VISION.entra, projects: 0, signIn: 'entra' },
      { name: VISION.neighbour },
    ],
    managed: [
      { kind: 'experimentation', name: LEARNING.account, account: LEARNING.account },
      { kind: 'clusters', name: LEARNING.clusters, resourceGroup: LEARNING.clusters, mayDeleteInfrastructure: true },
    ],
    world: {
      experimentation: [LEARNING.account, LEARNING.neighbour].map((name) => ({ name, workspaces })),
      clusters: [LEARNING.clusters, LEARNING.neighbour].map((group) => ({ name: `c-${group}`, resourceGroup: group })),
      behaviour: { pollsUntilDeleted: 1, pollAfterSeconds: 1, pageSize: 2 },
    },
    between: { storage: passage.interference, upstream: passage.interference },
    settings: SETTINGS,
    patient: true,
    built: true,
  });
  try {
    // The host of the stage makes room for one that is a process, on its port and its data.
    await stage.host.stop();
    const host = await HostProcess.start({
      ...stage.hostOptions,
      port: stage.host.port,
      messageLeaseSeconds: 3,
      // Each look at each queue goes through a proxy: as often as is quick, as seldom as leaves the machine time for the rest.
      maxPollingMilliseconds: 500,
    });
    return {
      ...{ stage, host, passage, mark: { line: 0, call: 0 } },
      killWorkers: () => killAll(host),
      stop: async () => {
        await host.stop();
        await stage.stop();
      },
    };
  } catch (error) {
    await stage.stop();
    throw error;
  }
}

function killAll(host: HostProcess): void {
  if (host.pid === undefined) return;
  for (const pid of childrenOf(host.pid)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
}

/** Takes every fault off. */
export function calm({ stage, passage }: FaultLane): void {
  stage.simulator.faults.clear();
  stage.simulator.tokens.lifeSeconds = 3600;
  passage.put({});
}

/** A new round: what was logged and counted before isn't its own. */
export function beginRound(lane: FaultLane): void {
  calm(lane);
  lane.passage.forget();
  lane.mark.line = lane.stage.log.length;
  lane.mark.call = lane.stage.simulator.calls.total;
}
