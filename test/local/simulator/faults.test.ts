import { expect, test } from 'vitest';
import { z } from 'zod';
import { distortAnswer } from '../../../local/simulator/faults/distort.ts';
import { jsonAnswer } from '../../../local/simulator/http/message.ts';
import { ask, firstProject, found, open, start } from './running.ts';

const idsSchema = z.array(z.looseObject({ id: z.string() }));
const idsOf = (json: unknown) => idsSchema.parse(json).map(({ id }) => id);

test('a rule strikes only what it matches, after, every nth and as many times as it says', async () => {
  const simulator = await start();
  simulator.faults.add({
    match: { method: 'get', operation: 'gettags', pathPattern: '/projects/[^/]+/TAGS' },
    fault: { kind: 'throttled', retryAfterSeconds: 7 },
    after: 1,
    everyNth: 2,
    times: 2,
  });
  const path = `/projects/${firstProject(simulator).id}/tags`;
  const statuses = [];
  for (let call = 0; call < 8; call += 1) {
    statuses.push((await ask(simulator, path)).status);
    expect((await ask(simulator, '/projects')).status).toBe(200);
  }
  expect(statuses).toEqual([200, 200, 429, 200, 429, 200, 200, 200]);
  expect(simulator.calls.list.filter(({ fault }) => fault === 'throttled')).toHaveLength(2);
  expect(simulator.faults.list()[0]).toMatchObject({ matched: 8, harmed: 2 });
});

test('a throttled call says when to come back, or leaves it out', async () => {
  const simulator = await start();
  simulator.faults.add(
    { fault: { kind: 'throttled', retryAfterSeconds: 7 }, times: 1 },
    { fault: { kind: 'throttled' }, times: 1 },
  );
  const replies = [
    await ask(simulator, '/projects'),
    await ask(simulator, '/projects'),
    await ask(simulator, '/projects'),
  ];
  expect(replies.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
    [429, '7'],
    [429, null],
    [200, null],
  ]);
});

test.each([503, 500, 502])('a server error %i answers before anything is done', async (status) => {
  const simulator = await start();
  const project = firstProject(simulator);
  simulator.faults.add({ match: { method: 'DELETE' }, fault: { kind: 'status', status }, times: 1 });
  const [tag] = project.workspace.tags.keys();
  expect((await ask(simulator, `/projects/${project.id}/tags/${tag}`, { method: 'DELETE' })).status).toBe(status);
  expect(project.workspace.tags.size).toBe(3);
});

test.each([
  ['resetBeforeAnswer', 3],
  ['resetAfterEffect', 2],
] as const)('%s breaks the connection and leaves %i tags', async (kind, left) => {
  const simulator = await start();
  const project = firstProject(simulator);
  simulator.faults.add({ match: { operation: 'DeleteTag' }, fault: { kind } });
  const [tag] = project.workspace.tags.keys();
  await expect(ask(simulator, `/projects/${project.id}/tags/${tag}`, { method: 'DELETE' })).rejects.toThrow(
    'fetch failed',
  );
  expect(project.workspace.tags.size).toBe(left);
  expect(simulator.calls.list.at(-1)).toMatchObject({ operation: 'DeleteTag', status: 0, fault: kind });
});

test('bodies break off by a reset, or end before the promised length', async () => {
  const simulator = await start({ world: { project: { imageBytes: 200_000 } } });
  const { json } = await ask(simulator, `/projects/${firstProject(simulator).id}/images/tagged`);
  const { originalImageUri } = found(z.array(z.object({ originalImageUri: z.string() })).parse(json)[0]);
  for (const fault of [{ kind: 'resetMidBody' }, { kind: 'truncatedBody', declared: 'full' }] as const) {
    simulator.faults.add({ match: { operation: 'GetBlob' }, fault, times: 1 });
    const response = await open(simulator, originalImageUri);
    expect(response.headers.get('content-length')).toBe('200000');
    await expect(response.arrayBuffer()).rejects.toThrow();
  }
  simulator.faults.add({
    match: { operation: 'GetBlob' },
    fault: { kind: 'truncatedBody', declared: 'cut', afterBytes: 70_000 },
    times: 1,
  });
  const silent = await open(simulator, originalImageUri);
  expect((await silent.arrayBuffer()).byteLength).toBe(70_000);
  simulator.faults.add({
    match: { operation: 'GetBlob' },
    fault: { kind: 'slowDrip', chunkBytes: 60_000, pauseMilliseconds: 1 },
    times: 1,
  });
  expect((await (await open(simulator, originalImageUri)).arrayBuffer()).byteLength).toBe(200_000);
});

test('what should be JSON is a web page, or is cut', async () => {
  const simulator = await start();
  simulator.faults.add({ fault: { kind: 'htmlInsteadOfJson' }, times: 1 });
  const page = await ask(simulator, '/projects');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
  simulator.faults.add({ fault: { kind: 'malformedJson' }, times: 1 });
  await expect(ask(simulator, '/projects')).rejects.toThrow(SyntaxError);
});

test('an answer can be given word for word, as a recorded one', async () => {
  const simulator = await start();
  simulator.faults.add({ fault: { kind: 'answerWith', json: [{ id: 'x', unheardOf: 1 }] }, times: 1 });
  expect((await ask(simulator, '/projects')).json).toEqual([{ id: 'x', unheardOf: 1 }]);
});

test('a page comes empty though it is not the last, and another comes twice', async () => {
  const simulator = await start({ world: { project: { taggedImages: 30 } } });
  const page = async (skip: number) =>
    idsOf((await ask(simulator, `/projects/${firstProject(simulator).id}/images/tagged?take=10&skip=${skip}`)).json);
  simulator.faults.add({ fault: { kind: 'emptyPageThatIsNotTheLast' }, after: 1, times: 1 });
  const pages = [await page(0), await page(10), await page(10)];
  expect(pages.map((ids) => ids.length)).toEqual([10, 0, 10]);
  simulator.faults.add({ fault: { kind: 'pageServedTwice' }, times: 1 });
  // The first page repeats no other: that call isn't harmed, and isn't counted.
  expect([await page(0), await page(10), await page(10)]).toEqual([pages[0], pages[0], pages[2]]);
  expect(simulator.faults.list().map(({ harmed }) => harmed)).toEqual([1, 1]);
});

test('a deletion answers 204 and happens some calls later, some time later, or never', async () => {
  let now = Date.UTC(2026, 0, 1);
  const simulator = await start({ now: () => now });
  const project = firstProject(simulator);
  const late = [{ afterCalls: 1 }, { afterMilliseconds: 5_000 }, {}];
  for (const delay of late) {
    simulator.faults.add({
      match: { operation: 'DeleteTag' },
      fault: { kind: 'answeredButNotDone', ...delay },
      times: 1,
    });
  }
  const statuses = [];
  for (const tag of [...project.workspace.tags.keys()]) {
    statuses.push((await ask(simulator, `/projects/${project.id}/tags/${tag}`, { method: 'DELETE' })).status);
  }
  const left = async () => idsOf((await ask(simulator, `/projects/${project.id}/tags`)).json).length;
  expect(statuses).toEqual([204, 204, 204]);
  expect(await left()).toBe(2);
  now += 5_000;
  expect(await left()).toBe(1);
  now += 5_000_000;
  expect(await left()).toBe(1);
});

test("a deletion is refused for a while with the service's own error", async () => {
  const simulator = await start();
  const project = firstProject(simulator);
  simulator.faults.add({ match: { operation: 'DeleteTag' }, fault: { kind: 'deleteRefusedForAWhile' }, times: 2 });
  const [tag] = project.workspace.tags.keys();
  const statuses = [];
  for (let call = 0; call < 3; call += 1) {
    statuses.push((await ask(simulator, `/projects/${project.id}/tags/${tag}`, { method: 'DELETE' })).status);
  }
  expect(statuses).toEqual([409, 409, 204]);
});

test('the link to a next page leads to another origin, and a page by links comes empty with a link to its items', () => {
  const page = jsonAnswer(200, { value: [{ id: '1' }], nextLink: 'https://a.example/list?$skipToken=2' });
  const request = {
    method: 'GET',
    host: 'a.example',
    forwarded: true,
    path: '/list',
    query: new URLSearchParams(),
    headers: {},
    body: '',
  };
  const asked = { request, now: 0 };
  const foreign = distortAnswer({ kind: 'foreignNextLink', origin: 'https://b.example' }, page, asked);
  expect(foreign.body).toEqual({ json: { value: [{ id: '1' }], nextLink: 'https://b.example/list?$skipToken=2' } });
  const empty = distortAnswer({ kind: 'emptyPageThatIsNotTheLast' }, page, asked);
  expect(empty.body).toEqual({ json: { value: [], nextLink: 'https://a.example/list?$skipToken=AA' } });
  const last = jsonAnswer(200, { value: [{ id: '1' }] });
  expect(distortAnswer({ kind: 'emptyPageThatIsNotTheLast' }, last, asked)).toEqual(last);
});
