import { expect, test } from 'vitest';
import { ask, firstProject, firstResource, start } from './running.ts';

test('version 1.2 tells the account with its live keys; its quotas count what is there', async () => {
  const simulator = await start();
  const { status, json } = await ask(simulator, '/account', { version: '1.2' });
  expect(status).toBe(200);
  const [primary, secondary] = firstResource(simulator).keys;
  expect(json).toMatchObject({
    UserName: 'Ada Lovelace',
    Keys: { TrainingKeys: { PrimaryKey: primary, SecondaryKey: secondary } },
    Quotas: { Projects: { Used: 1 }, PerProject: [{ ProjectId: firstProject(simulator).id, Images: { Used: 8 } }] },
  });
});

test('later versions have no account, a wrong key opens none, and some resources are unknown to version 1.x', async () => {
  const simulator = await start();
  expect((await ask(simulator, '/account', { version: '3.3' })).status).toBe(404);
  expect((await ask(simulator, '/account', { version: '1.2', headers: {} })).status).toBe(401);
  const unknown = await start({ world: { resources: [{ owner: null }] } });
  expect((await ask(unknown, '/account', { version: '1.2' })).status).toBe(404);
});
