import { existsSync, writeFileSync } from 'node:fs';
import { app } from '@azure/functions';
import * as df from 'durable-functions';
import { seen } from '../streamed/seen.ts';

app.setup({ enableHttpStream: true });

/** Dies once in the middle of a step, where the instance's input asks for it. */
interface Order {
  readonly instance: string;
  readonly dieInStep?: number;
  /** Who dies there: this worker, or its host. */
  readonly who?: 'host';
}

df.app.activity('step', {
  handler: ({ order, step }: { order: Order; step: number }) => {
    seen({ function: 'step', step, instance: order.instance });
    const marker = `${process.env.SEEN_FILE}-${order.instance}-died`;
    if (order.dieInStep === step && !existsSync(marker)) {
      writeFileSync(marker, '');
      process.kill(order.who === 'host' ? process.ppid : process.pid, 'SIGKILL');
    }
    return step * 10;
  },
});

df.app.orchestration('steps', function* (context) {
  const order = context.df.getInput<Order>();
  const results: unknown[] = [];
  for (let step = 1; step <= 3; step += 1) results.push(yield context.df.callActivity('step', { order, step }));
  return results;
});

df.app.orchestration('approval', function* (context) {
  context.df.setCustomStatus('waiting');
  const said: unknown = yield context.df.waitForExternalEvent('decision');
  return { said };
});

app.http('start', {
  route: 'start/{orchestrator}/{instance}',
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const { orchestrator = '', instance = '' } = request.params;
    const input: unknown = await request.json();
    await df.getClient(context).startNew(orchestrator, { instanceId: instance, input });
    return df.getClient(context).createCheckStatusResponse(request, instance);
  },
});
app.http('decide', {
  route: 'decide/{instance}',
  methods: ['POST'],
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    await df.getClient(context).raiseEvent(request.params.instance ?? '', 'decision', await request.json());
    return { status: 202 };
  },
});
app.http('status', {
  route: 'status/{instance}',
  extraInputs: [df.input.durableClient()],
  handler: async (request, context) => {
    const status = await df.getClient(context).getStatus(request.params.instance ?? '');
    return { jsonBody: status };
  },
});
