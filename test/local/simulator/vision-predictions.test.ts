import { expect, test } from 'vitest';
import { z } from 'zod';
import { ask, firstProject, found, open, type Reply, start } from './running.ts';

const pageSchema = z.object({
  token: z.looseObject({ continuation: z.string().nullable() }),
  results: z.array(z.looseObject({ id: z.string(), created: z.string(), originalImageUri: z.string() })),
});
const pageOf = (reply: Reply) => pageSchema.parse(reply.json);

test('stored predictions are walked by posting the token back, and hold images', async () => {
  const simulator = await start({ world: { project: { predictions: 25 } } });
  const path = `/projects/${firstProject(simulator).id}/predictions/query`;
  const query = (token: unknown) =>
    ask(simulator, path, { method: 'POST', body: JSON.stringify(token), version: '3.0' });
  const pages = [pageOf(await query({ maxCount: 10, orderBy: 'Oldest' }))];
  for (let last = found(pages[0]); last.token.continuation; pages.push(last)) last = pageOf(await query(last.token));
  const results = pages.flatMap(({ results }) => results);
  expect(pages.map(({ results }) => results.length)).toEqual([10, 10, 5]);
  expect(results.map(({ created }) => Date.parse(created))).toEqual(
    results.map(({ created }) => Date.parse(created)).sort(),
  );
  expect(new Set(results.map(({ id }) => id)).size).toBe(25);
  expect((await open(simulator, found(results[0]).originalImageUri)).status).toBe(200);
});

test('a query with maxCount 0 still has results, and predictions go by at most 64 ids', async () => {
  const simulator = await start({ world: { project: { predictions: 70 } } });
  const project = firstProject(simulator);
  const path = `/projects/${project.id}/predictions`;
  const reply = await ask(simulator, `${path}/query`, { method: 'POST', body: '{"maxCount":0}' });
  expect(pageOf(reply).results.length).toBeGreaterThan(0);
  const ids = [...project.predictions.keys()];
  const remove = (count: number) =>
    ask(simulator, `${path}?ids=${ids.slice(0, count).join(',')}`, { method: 'DELETE' });
  expect((await remove(65)).json).toMatchObject({ code: 'BadRequestPredictionIdsExceededCount' });
  expect((await remove(64)).status).toBe(204);
  expect(project.predictions.size).toBe(6);
  expect((await remove(64)).status).toBe(404);
});
