import type { RequestId, TaskId } from '../../../../src/lib/domain/ids.ts';
import { runInstanceId } from '../../../../src/lib/domain/ids.ts';
import type { RequestRecord, Submission } from '../../../../src/lib/domain/request.ts';
import {
  type AdvanceInput,
  type Done,
  nextSchema,
  openedRoundSchema,
  type Phase,
} from '../../../../src/lib/domain/run.ts';
import { sliceMessageSchema } from '../../../../src/lib/domain/slice.ts';
import type { Dependencies } from '../../../../src/lib/steps/dependencies.ts';
import { REQUESTS_QUEUE } from '../../../../src/lib/steps/queue-names.ts';
import { decide } from '../../../../src/lib/steps/request/decide.ts';
import { handleSlice } from '../../../../src/lib/steps/rounds/handle-slice.ts';
import { openRound } from '../../../../src/lib/steps/rounds/open-round.ts';
import { advance } from '../../../../src/lib/steps/runs/advance.ts';
import { type InstanceStatus, type Instances, startRun } from '../../../../src/lib/steps/runs/start-run.ts';
import { newRecord } from '../../store/support/records.ts';
import { Crash } from './crashing.ts';
import { OFFICER, SUBMISSION } from './request-stores.ts';
import type { Stage } from './stage.ts';

/** The durable client's view of instances, kept in memory. */
export class KnownInstances implements Instances {
  readonly known = new Map<string, InstanceStatus>();
  readonly starts: string[] = [];

  async status(instanceId: string): Promise<InstanceStatus> {
    return this.known.get(instanceId) ?? 'missing';
  }

  async start(instanceId: string): Promise<void> {
    this.starts.push(instanceId);
    this.known.set(instanceId, 'alive');
  }
}

const MOST = 2000;

/**
 * Works through a request as the orchestrators do, one step after another, with steps, stores and upstream as they are. Where a step dies by
 * a `Crash`, the process starts again: the step is repeated, a message comes again.
 */
export class Driver {
  readonly instances = new KnownInstances();
  readonly stage: Stage;
  /** What steps work with now. */
  deps: Dependencies;
  /** How often each message is delivered. */
  deliveries = 1;
  crashes = 0;

  constructor(stage: Stage, deps: Dependencies = stage.deps) {
    this.stage = stage;
    this.deps = deps;
  }

  async submit(change: Partial<Submission>): Promise<RequestId> {
    const now = this.stage.clock.now().toISOString();
    const record = newRecord({
      submission: { ...SUBMISSION, ...change },
      targets: [this.stage.target.name],
      submittedAt: now,
      stateSince: now,
      deadline: '2026-06-01T00:00:00.000Z',
    });
    await this.stage.deps.records.create(record);
    return record.requestId;
  }

  async record(requestId: RequestId): Promise<RequestRecord> {
    const record = await this.stage.deps.records.read(requestId);
    if (!record) throw new Error(`There is no request ${requestId}.`);
    return record;
  }

  async approve(requestId: RequestId): Promise<void> {
    const { plan } = await this.record(requestId);
    const order = { decision: 'approve' as const, planHash: plan?.hash ?? '' };
    const decided = await decide(this.stage.deps, { requestId, order, actor: OFFICER });
    if (decided.kind !== 'decided') throw new Error(`Not decided: ${decided.kind}`);
  }

  /** From the request's coming in to its end; a plan that waits for a decision is approved. */
  async toTheEnd(requestId: RequestId): Promise<RequestRecord> {
    for (let runs = 0; runs < 20; runs += 1) {
      await this.run(requestId);
      const record = await this.record(requestId);
      if (record.endedAt !== undefined) return record;
      if (record.state === 'awaiting-decision') await this.approve(requestId);
    }
    throw new Error('The request does not come to an end.');
  }

  /** One run until it stops; why it did. */
  async run(requestId: RequestId): Promise<string> {
    await this.step((deps) => startRun(deps, requestId, this.instances));
    const { n } = (await this.record(requestId)).run;
    const why = await this.goThrough({ requestId, run: n });
    this.instances.known.set(runInstanceId(requestId, n), 'ended');
    return why;
  }

  /** The phases of a run or a lane; lanes one after another. */
  private async goThrough(of: Omit<AdvanceInput, 'done'>): Promise<string> {
    const { requestId, run } = of;
    let done: Done | undefined;
    for (let turn = 0; turn < MOST; turn += 1) {
      const input = { ...of, ...(done ? { done } : {}) };
      const next = nextSchema.parse(await this.step((deps) => advance(deps, input)));
      if (next.kind === 'stop') return next.why;
      if (next.kind === 'lanes') {
        for (const lane of next.lanes) await this.goThrough({ requestId, run, lane });
        done = { phase: 'lanes', stage: 0 };
        continue;
      }
      for (const taskId of next.taskIds) await this.task({ requestId, run, taskId, phase: next.phase });
      done = { phase: next.phase, stage: next.stage };
    }
    throw new Error('The run does not come to an end.');
  }

  /** Rounds until nothing of the phase is open. */
  async task(of: { requestId: RequestId; run: number; taskId: TaskId; phase: Phase }): Promise<string> {
    const id = `${runInstanceId(of.requestId, of.run)}:${of.taskId}:${of.phase}`;
    for (let round = 1; round < MOST; round += 1) {
      const instanceId = `${id}:r${round}`;
      const opened = openedRoundSchema.parse(await this.step((deps) => openRound(deps, { ...of, instanceId })));
      if (opened.kind !== 'waiting') return opened.kind;
      await this.wait(instanceId, opened);
    }
    throw new Error('The task does not come to an end.');
  }

  /** Delivers messages until each slice has told the round, or its time is over. */
  private async wait(instanceId: string, round: { sliceIds: readonly string[]; waitSeconds: number }): Promise<void> {
    const { clock, outbox } = this.stage;
    const expected = new Set<string>(round.sliceIds.map((sliceId) => `slice-${sliceId}`));
    const end = new Date(clock.now().getTime() + round.waitSeconds * 1000);
    while (expected.size > 0) {
      for (const event of await this.deliverDue(instanceId)) expected.delete(event);
      if (expected.size === 0) return;
      const { next } = outbox;
      if (next === undefined || next > end) {
        clock.turnTo(end);
        return;
      }
      clock.turnTo(next);
    }
  }

  /** Handles every message that is due; the events that reached that instance. */
  async deliverDue(instanceId: string): Promise<string[]> {
    const events: string[] = [];
    const raise = async (to: string, event: string): Promise<void> => {
      if (to === instanceId) events.push(event);
    };
    for (const { queue, message } of this.stage.outbox.takeDue()) {
      if (queue === REQUESTS_QUEUE) continue;
      const slice = sliceMessageSchema.parse(message);
      for (let copy = 0; copy < this.deliveries; copy += 1) await this.step((deps) => handleSlice(deps, slice, raise));
    }
    return events;
  }

  /** A step of a process that may end: then it is done again by a new one. */
  private async step<T>(work: (deps: Dependencies) => Promise<T>): Promise<T> {
    try {
      return await work(this.deps);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      this.crashes += 1;
      this.deps = this.stage.deps;
      return work(this.deps);
    }
  }
}
