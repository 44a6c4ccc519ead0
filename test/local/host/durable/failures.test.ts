import { describe, expect, it } from 'vitest';
import { useBench } from './support.ts';

const bench = useBench();

describe('failures', () => {
  it('end an orchestration that throws, with its message and its last custom status', async () => {
    const status = await bench.open().run('failing', 'f1');
    expect(status).toMatchObject({
      runtimeStatus: 'Failed',
      output: "Orchestrator function 'failing' failed: out of order",
      customStatus: 'about to fail',
    });
  });

  it('of an activity that nobody catches end the orchestration', async () => {
    const { runtimeStatus, output } = await bench.open().run('uncaught', 'f2');
    expect(runtimeStatus).toBe('Failed');
    expect(output).toMatch(/^Orchestrator function 'uncaught' failed: Activity function 'fail' failed: broken part/);
  });

  it('of an activity carry a whole serialised exception in their message', async () => {
    const { output } = await bench.open().run('describeFailure', 'f3');
    const [reason, details = ''] = String(output).split(' \n ');
    expect(reason).toBe("Activity function 'fail' failed: broken part");
    expect(details).toMatch(/^\{"\$type":"System.Exception/);
    expect(JSON.parse(details)).toMatchObject({ Message: 'broken part', InnerException: null });
  });

  it('of a child reach its parent with the reason and the place', async () => {
    const hub = bench.open();
    const { output } = await hub.run('describeChildFailure', 'f4');
    expect(output).toMatch(
      /^Orchestrator function 'failing' failed: out of order \n Message: out of order, StackTrace: /,
    );
    expect(await hub.status('f4-child')).toMatchObject({ runtimeStatus: 'Failed' });
  });

  it('are retried as often as allowed, each time after a timer', async () => {
    const hub = bench.open();
    const { output } = await hub.run('retrying', 'r1', { key: 'r1', until: 3, attempts: 3 });
    expect(output).toEqual({ first: { attempt: 3 }, second: { n: 10 } });
    const { historyEvents = [] } = await hub.status('r1', '?showHistory=true');
    expect(historyEvents.map(({ EventType }) => EventType)).toEqual([
      'ExecutionStarted',
      'TaskFailed',
      'TimerCreated',
      'TimerFired',
      'TaskFailed',
      'TimerCreated',
      'TimerFired',
      'TaskCompleted',
      'TaskCompleted',
      'ExecutionCompleted',
    ]);
  });

  it('are not retried more often than allowed', async () => {
    const hub = bench.open();
    const { runtimeStatus, output } = await hub.run('retrying', 'r2', { key: 'r2', until: 9, attempts: 2 });
    expect(runtimeStatus).toBe('Failed');
    expect(output).toMatch(/Activity function 'flaky' failed: attempt 2/);
    expect(hub.invoker.count('flaky')).toBe(2);
  });

  it('of a child are retried under the same id', async () => {
    const hub = bench.open();
    expect((await hub.run('retryingChild', 'r3')).output).toBe('gave up');
    expect(hub.invoker.count('echo')).toBe(2);
    expect(await hub.status('r3-child')).toMatchObject({ runtimeStatus: 'Failed' });
  });

  it.each([
    ['missingActivity', "The function 'nobody' doesn't exist, is disabled, or is not an activity function."],
    ['callsEntity', 'CallEntity is not supported locally'],
    ['callsHttp', 'CallHttp is not supported locally'],
  ])('say what the local host cannot do: %s', async (name, message) => {
    const { runtimeStatus, output } = await bench.open().run(name, name);
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain(message);
  });
});
