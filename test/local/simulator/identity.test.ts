import { DefaultAzureCredential } from '@azure/identity';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { ask, fetchReply, start } from './running.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('the genuine DefaultAzureCredential signs in, and its token opens the service until it expires', async () => {
  let ahead = 0;
  const simulator = await start({ now: () => Date.now() + ahead });
  vi.stubEnv('IDENTITY_ENDPOINT', simulator.identity.endpoint);
  vi.stubEnv('IDENTITY_HEADER', simulator.identity.header);
  const token = await new DefaultAzureCredential().getToken('https://cognitiveservices.azure.com/.default');
  expect(token.expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_000_000);
  const headers = { Authorization: `Bearer ${token.token}` };
  expect((await ask(simulator, '/projects', { headers })).status).toBe(200);
  ahead = 3_601_000;
  expect((await ask(simulator, '/projects', { headers })).status).toBe(401);
});

test('a token for another audience, or with a changed claim, opens nothing', async () => {
  const simulator = await start();
  const tokenFor = async (resource: string): Promise<string> => {
    const url = `${simulator.identity.endpoint}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`;
    const reply = await fetchReply(url, { headers: { 'X-IDENTITY-HEADER': simulator.identity.header } });
    return z.object({ access_token: z.string() }).parse(reply.json).access_token;
  };
  const statusWith = async (token: string) =>
    (await ask(simulator, '/projects', { headers: { Authorization: `Bearer ${token}` } })).status;
  const [header, , signature] = (await tokenFor('https://cognitiveservices.azure.com')).split('.');
  const [, claims] = (await tokenFor('https://management.azure.com')).split('.');
  expect(await statusWith(await tokenFor('https://cognitiveservices.azure.com/'))).toBe(200);
  expect(await statusWith(await tokenFor('https://management.azure.com'))).toBe(401);
  expect(await statusWith(`${header}.${claims}.${signature}`)).toBe(401);
});

test('the identity endpoint wants its header, its version and a resource', async () => {
  const simulator = await start();
  const { endpoint, header } = simulator.identity;
  const status = async (query: string, value: string) =>
    (await fetchReply(`${endpoint}?${query}`, { headers: { 'X-IDENTITY-HEADER': value } })).status;
  expect(await status('api-version=2019-08-01&resource=a', 'wrong')).toBe(401);
  expect(await status('api-version=2019-08-01', header)).toBe(400);
  expect(await status('api-version=2017-09-01&resource=a', header)).toBe(400);
});
