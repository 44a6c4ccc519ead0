import { expect, test } from 'vitest';
import { arm, askLearning, experimentation, projectBase, readAll } from './learning-asking.ts';
import { start } from './running.ts';

const runs = `${projectBase('history')}/runs`;
const world = { resources: [], experimentation: [{}], behaviour: { pageSize: 2 } };

test.each(['both', 'token', 'link'] as const)(
  'an empty page that is not the last leads to its own items, pages leading on by %s',
  async (continuation) => {
    const simulator = await start({ world: { ...world, behaviour: { pageSize: 2, continuation } } });
    simulator.faults.add({
      fault: { kind: 'emptyPageThatIsNotTheLast' },
      match: { operation: 'ListRuns' },
      everyNth: 2,
    });
    simulator.faults.add({ fault: { kind: 'emptyPageThatIsNotTheLast' }, match: { operation: 'ListRuns' }, times: 1 });
    const ids: unknown[] = [];
    const urls = [runs];
    const seen = new Set<string>();
    for (const url of urls) {
      expect(seen.has(url)).toBe(false);
      seen.add(url);
      const { value, nextLink, continuationToken } = Object((await askLearning(simulator, url)).json);
      ids.push(...value.map(({ runId }: { runId: unknown }) => runId));
      if (nextLink) urls.push(nextLink);
      else if (continuationToken) urls.push(`${runs}?continuationToken=${continuationToken}`);
    }
    expect([ids.length, new Set(ids).size]).toEqual([6, 6]);
    expect(urls.length).toBeGreaterThan(4);
  },
);

test('a next link may lead to another origin', async () => {
  const simulator = await start({ world });
  simulator.faults.add({
    fault: { kind: 'foreignNextLink', origin: 'https://evil.example' },
    match: { operation: 'ListRuns' },
  });
  const { nextLink } = Object((await askLearning(simulator, runs)).json);
  expect(nextLink).toMatch(/^https:\/\/evil\.example\/history\/v1\.0\//);
});

test('a deletion whose answer is lost has happened', async () => {
  const simulator = await start({ world });
  const project = `${arm}${experimentation}/experiments1/workspaces/workspace1/projects/project1?api-version=2017-05-01-preview`;
  simulator.faults.add({ fault: { kind: 'resetAfterEffect' }, match: { operation: 'Projects_Delete' }, times: 1 });
  await expect(askLearning(simulator, project, { method: 'DELETE' })).rejects.toThrow();
  expect((await askLearning(simulator, project, { method: 'DELETE' })).status).toBe(204);
});

test('thousands of runs are listed whole', async () => {
  const projects = [{ runs: 3_000, artifactsPerRun: 1, metricsPerRun: 0 }];
  const simulator = await start({ world: { resources: [], experimentation: [{ workspaces: [{ projects }] }] } });
  const { items, pages } = await readAll(simulator, runs);
  expect([items.length, pages.length, new Set(items.map(({ runId }) => runId)).size]).toEqual([3_000, 30, 3_000]);
});
