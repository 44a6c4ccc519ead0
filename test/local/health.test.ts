import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { untilHealthy } from '../../local/health.ts';

/** Answers `GET /api/health` with one status after another, the last for good; says how often it was asked. */
async function serve(...statuses: readonly number[]): Promise<{ url: string; asked(): number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    const status = statuses[Math.min(asked, statuses.length - 1)] ?? 500;
    asked += 1;
    response.writeHead(request.url === '/api/health' ? status : 404).end('what it says');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked: () => asked };
}

describe('Waiting until the app is healthy', () => {
  it('ends with the first 200', async () => {
    const app = await serve(500, 503, 200);
    await untilHealthy(app.url);
    expect(app.asked()).toBe(3);
  });

  it('ends after some time with what the app said last', async () => {
    const app = await serve(503);
    await expect(untilHealthy(app.url, 0)).rejects.toThrow('The app is not healthy: 503 what it says');
  });
});
