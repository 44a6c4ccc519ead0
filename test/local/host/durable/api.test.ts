import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RunningHub, type Status, useBench } from './support.ts';

const bench = useBench();

async function listed(hub: RunningHub, query: string): Promise<string[]> {
  const { body } = await hub.request('GET', `/instances?${query}`);
  const statuses: Status[] = JSON.parse(body);
  return statuses.map(({ instanceId }) => instanceId);
}

describe('the durable HTTP API', () => {
  it('answers a start with links to the new instance, under an id of its own making if none is given', async () => {
    const hub = bench.open();
    const answer = await hub.request('POST', '/orchestrators/chain', { n: 1 });
    const links = JSON.parse(answer.body);
    expect(answer.status).toBe(202);
    expect(links.id).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers.location).toBe(links.statusQueryGetUri);
    expect(links.statusQueryGetUri).toBe(
      `http://localhost:7071/runtime/webhooks/durabletask/instances/${links.id}?taskHub=TestHub&connection=Storage&code=system-key`,
    );
    expect(await hub.ended(links.id)).toMatchObject({ runtimeStatus: 'Completed', input: { n: 1 } });
  });

  it.each([
    ['/orchestrators/nobody/x1', {}, 400],
    ['/orchestrators/double/x1', {}, 400],
    ['/orchestrators/chain/@x1', {}, 400],
    ['/orchestrators/chain/a%2Fb', {}, 400],
    [`/orchestrators/chain/${'x'.repeat(101)}`, {}, 400],
    ['/orchestrators/chain/x1', { body: '{' }, 400],
  ])('refuses to start %s', async (target, request, status) => {
    expect((await bench.open().requestWith('POST', target, request)).status).toBe(status);
  });

  it('answers 202 with Location and Retry-After while an instance runs, 200 afterwards', async () => {
    const hub = bench.open();
    await hub.start('status', 's1', { secret: 1 });
    const running = await hub.request('GET', '/instances/s1');
    expect(running).toMatchObject({ status: 202, headers: { 'retry-after': '5' } });
    expect(running.headers.location).toContain('/runtime/webhooks/durabletask/instances/s1');
    await hub.raise('s1', 'go');
    await hub.ended('s1');
    const ended = await hub.request('GET', '/instances/s1?showInput=false');
    expect(ended.status).toBe(200);
    expect(JSON.parse(ended.body)).toMatchObject({ input: null, output: 'done' });
    expect(JSON.parse(ended.body).createdTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('answers 500 for a failed instance only when asked to', async () => {
    const hub = bench.open();
    await hub.run('failing', 's2');
    expect((await hub.request('GET', '/instances/s2')).status).toBe(200);
    expect((await hub.request('GET', '/instances/s2?returnInternalServerErrorOnFailure=true')).status).toBe(500);
  });

  it('shows a history with names and times, results only on request', async () => {
    const hub = bench.open();
    await hub.run('chain', 's3', { n: 1 });
    const { historyEvents: [started, first] = [] } = await hub.status('s3', '?showHistory=true&showInput=false');
    expect(started).toMatchObject({ EventType: 'ExecutionStarted', FunctionName: 'chain' });
    expect(first).toMatchObject({ EventType: 'TaskCompleted', FunctionName: 'double' });
    expect(first).not.toHaveProperty('Result');
    expect(first).not.toHaveProperty('Input');
    const { historyEvents: [, detailed] = [] } = await hub.status('s3', '?showHistory=true&showHistoryOutput=true');
    expect(detailed).toMatchObject({ Result: { n: 2 }, Input: '{"n":1}' });
    expect(detailed).toHaveProperty('ScheduledTime');
  });

  it('lists instances by status, time and prefix, in pages', async () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const hub = bench.open({ now: () => now });
    for (const id of ['a1', 'a2', 'b1', 'b2', 'b3']) {
      await hub.run('chain', id);
      now += 60_000;
    }
    await hub.run('failing', 'c1');
    expect(await listed(hub, '')).toEqual(['a1', 'a2', 'b1', 'b2', 'b3', 'c1']);
    expect(await listed(hub, 'runtimeStatus=Failed,Terminated')).toEqual(['c1']);
    expect(await listed(hub, 'instanceIdPrefix=b')).toEqual(['b1', 'b2', 'b3']);
    expect(await listed(hub, 'createdTimeFrom=2026-01-01T00:01:00Z&createdTimeTo=2026-01-01T00:02:00Z')).toEqual([
      'a2',
      'b1',
    ]);
    const pages: string[][] = [];
    let token = '';
    do {
      const answer = await hub.requestWith('GET', '/instances?top=4', {
        headers: { 'x-ms-continuation-token': token },
      });
      pages.push(JSON.parse(answer.body).map(({ instanceId }: Status) => instanceId));
      token = answer.headers['x-ms-continuation-token'] ?? '';
    } while (token !== '');
    expect(pages).toEqual([
      ['a1', 'a2', 'b1', 'b2'],
      ['b3', 'c1'],
    ]);
  });

  it('suspends and resumes: what happens meanwhile is seen afterwards', async () => {
    const hub = bench.open();
    await hub.start('status', 'p1');
    await hub.until('p1', ({ customStatus }) => customStatus !== null);
    expect((await hub.request('POST', '/instances/p1/suspend?reason=wait')).status).toBe(202);
    await hub.until('p1', ({ runtimeStatus }) => runtimeStatus === 'Suspended');
    const before = hub.invoker.count('status');
    await hub.raise('p1', 'go');
    await hub.until('p1', () => hub.invoker.count('status') > before);
    expect((await hub.status('p1')).runtimeStatus).toBe('Suspended');
    expect((await hub.request('POST', '/instances/p1/resume')).status).toBe(202);
    expect(await hub.ended('p1')).toMatchObject({ runtimeStatus: 'Completed', output: 'done' });
  });

  it('purges what has ended, one by one or by filter, and nothing that runs', async () => {
    const hub = bench.open();
    await hub.start('status', 'q1');
    await hub.run('chain', 'q2');
    await hub.run('chain', 'q3');
    await hub.run('failing', 'q4');
    expect(await hub.request('DELETE', '/instances/q1')).toMatchObject({ body: '{"instancesDeleted":0}' });
    expect(await hub.request('DELETE', '/instances/q2')).toMatchObject({ status: 200, body: '{"instancesDeleted":1}' });
    expect((await hub.request('DELETE', '/instances/q2')).status).toBe(404);
    expect((await hub.request('DELETE', '/instances')).status).toBe(400);
    const since = 'createdTimeFrom=2000-01-01T00:00:00Z';
    expect((await hub.request('DELETE', `/instances?${since}&runtimeStatus=Failed`)).body).toBe(
      '{"instancesDeleted":1}',
    );
    expect((await hub.request('DELETE', `/instances?${since}`)).body).toBe('{"instancesDeleted":1}');
    expect((await hub.request('DELETE', `/instances?${since}`)).status).toBe(404);
    expect(await listed(hub, '')).toEqual(['q1']);
  });

  it('restarts under a new or the same id', async () => {
    const hub = bench.open();
    await hub.run('chain', 'r1', { n: 9 });
    const fresh = JSON.parse((await hub.request('POST', '/instances/r1/restart')).body);
    expect(fresh.id).not.toBe('r1');
    expect(await hub.ended(fresh.id)).toMatchObject({ name: 'chain', input: { n: 9 } });
    const same = JSON.parse((await hub.request('POST', '/instances/r1/restart?restartWithNewInstanceId=false')).body);
    expect(same.id).toBe('r1');
    expect((await hub.request('POST', '/instances/nobody/restart')).status).toBe(400);
  });

  it.each(['terminate', 'suspend', 'resume', 'rewind'])(
    'answers %s with 404 for an unknown and 410 for an ended instance',
    async (command) => {
      const hub = bench.open();
      expect((await hub.request('POST', `/instances/nobody/${command}?reason=x`)).status).toBe(404);
      await hub.run('chain', 'm1');
      expect((await hub.request('POST', `/instances/m1/${command}?reason=x`)).status).toBe(410);
    },
  );

  it('says clearly that it can neither rewind nor run entities', async () => {
    const hub = bench.open();
    await hub.start('status', 'm2');
    expect(await hub.request('POST', '/instances/m2/rewind')).toMatchObject({ status: 501 });
    expect(await hub.request('GET', '/entities/account/a')).toMatchObject({ status: 501 });
  });

  it('answers whatever is asked for', async () => {
    const hub = bench.open();
    const method = fc.constantFrom('GET', 'POST', 'DELETE', 'PUT');
    const segment = fc.oneof(
      fc.string(),
      fc.constantFrom('instances', 'orchestrators', 'raiseEvent', 'terminate', '%'),
    );
    const ask = async (verb: string, path: string[], query: Record<string, string>, token: string) => {
      const { status } = await hub.hub.handleHttp({
        method: verb,
        path: `/${path.join('/')}`,
        query: new URLSearchParams(query),
        headers: { 'x-ms-continuation-token': token },
        body: '',
      });
      expect([200, 202, 400, 404, 410, 501]).toContain(status);
    };
    const query = fc.dictionary(fc.constantFrom('top', 'createdTimeFrom', 'runtimeStatus'), fc.string());
    await fc.assert(fc.asyncProperty(method, fc.array(segment, { maxLength: 5 }), query, fc.string(), ask));
  });
});
