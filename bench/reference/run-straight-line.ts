import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import type { Call } from '../stage/simulator.ts';
import type { Stage } from '../stage/stage.ts';
import type { StraightLineJob, StraightLineResult } from './straight-line.ts';

const program = join(import.meta.dirname, 'straight-line.ts');
const answerSchema = z.object({
  workSeconds: z.number(),
  seconds: z.number(),
  documents: z.number(),
  bytes: z.number(),
  cpuSeconds: z.number(),
});
const tokenSchema = z.object({ access_token: z.string() });

export interface StraightLineOrder {
  readonly calls: readonly Call[];
  readonly concurrency: number;
  readonly container: string;
  readonly package: boolean;
}

/** Makes those GETs again, as a straight-line program, in a process of its own. */
export async function runStraightLine(stage: Stage, order: StraightLineOrder): Promise<StraightLineResult> {
  const token = await managementToken(stage);
  const keys = new Map(stage.upstream.about.resources.map(({ host, keys: [key = ''] }) => [host, key]));
  const headersFor = (call: Call): Record<string, string> => {
    if (call.operation === 'GetBlob') return {};
    const key = keys.get(call.host);
    return key === undefined ? { authorization: `Bearer ${token}` } : { 'training-key': key };
  };
  const job: StraightLineJob = {
    upstream: stage.upstream.url,
    connectionString: stage.azurite.connectionString,
    container: order.container,
    concurrency: order.concurrency,
    package: order.package,
    calls: order.calls
      .filter(({ method, operation, status }) => method === 'GET' && operation !== 'IssueToken' && status === 200)
      .map((call) => ({
        host: call.host,
        url: call.query === '' ? call.path : `${call.path}?${call.query}`,
        content: call.operation === 'GetBlob',
        headers: headersFor(call),
      })),
  };
  return answerSchema.parse(JSON.parse(await runProgram(JSON.stringify(job))));
}

export async function managementToken({ upstream }: Stage): Promise<string> {
  const { endpoint, header } = upstream.about.identity;
  const resource = encodeURIComponent('https://management.azure.com');
  const answer = await fetch(`${endpoint}?api-version=2019-08-01&resource=${resource}`, {
    headers: { 'x-identity-header': header },
  });
  return tokenSchema.parse(await answer.json()).access_token;
}

function runProgram(input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, ['--disable-warning=ExperimentalWarning', program], (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
    child.stdin?.end(input);
  });
}
