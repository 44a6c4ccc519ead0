import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type BuiltApp, buildApp } from '../scripts/build-app.ts';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);

/** Answers for `@azure/functions-core` where the genuine worker does (azure-functions-nodejs-worker, src/setupCoreModule.ts). */
const worker = `
import { Module } from 'node:module';
const genuine = Module.prototype.require;
const seen = { models: [], functions: [] };
const core = {
  version: '3.0.0',
  setProgrammingModel: (model) => seen.models.push(model.name),
  registerFunction: (metadata) => seen.functions.push(metadata),
  registerHook: () => {},
  log: () => {},
};
Module.prototype.require = function (id) {
  return id === '@azure/functions-core' ? core : genuine.apply(this, arguments);
};
await import(process.argv[2]);
process.stdout.write(JSON.stringify(seen), () => process.exit(0));
`;

const registered = z.object({
  models: z.array(z.string()),
  functions: z.array(
    z.object({ name: z.string(), bindings: z.record(z.string(), z.looseObject({ type: z.string() })) }),
  ),
});

/** Loads the bundle in a process of its own, far from any node_modules, as a worker on Azure does. */
async function load(folder: string, entry: string): Promise<z.output<typeof registered>> {
  const script = join(folder, 'worker.mjs');
  await writeFile(script, worker);
  const environment = { PATH: process.env.PATH, AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
  const { stdout } = await run(process.execPath, [script, join(folder, entry)], { cwd: folder, env: environment });
  return registered.parse(JSON.parse(stdout));
}

describe('the build', () => {
  let folder = '';
  let built: BuiltApp;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dsr-build-'));
    built = await buildApp({ root, outputFolder: folder });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is ready for a zip deployment by itself: program, source map, host.json and package.json', async () => {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ type: 'module', main: built.entry });
    expect(existsSync(join(folder, built.entry))).toBe(true);
    expect(existsSync(join(folder, `${built.entry}.map`))).toBe(true);
    expect(await readFile(join(folder, 'host.json'), 'utf8')).toBe(await readFile(join(root, 'host.json'), 'utf8'));
  });

  it('holds one copy of each library that keeps state of its own', () => {
    for (const library of ['@azure/functions/dist/', 'durable-functions/lib/src/index']) {
      expect(built.inputs.filter((file) => file.includes(`node_modules/${library}`))).toHaveLength(1);
    }
  });

  it('loads nothing of OpenTelemetry at the start, but for the interface that durable-functions asks for', () => {
    const packages = (files: readonly string[]) =>
      new Set(files.flatMap((file) => /node_modules\/(@opentelemetry\/[^/]+)\//.exec(file)?.[1] ?? []));
    expect(packages(built.startInputs)).toEqual(new Set(['@opentelemetry/api']));
    expect(packages(built.inputs)).toContain('@opentelemetry/exporter-trace-otlp-http');
  });

  it.each([
    'node_modules/@azure/identity/',
    'node_modules/@azure/msal-',
    'src/lib/steps/package/seal-',
    'src/lib/steps/report/',
  ])('loads nothing of %s before it is needed', (place) => {
    expect(built.startInputs.filter((file) => file.includes(place))).toEqual([]);
    expect(built.inputs.filter((file) => file.includes(place))).not.toEqual([]);
  });

  it('can load what it needs later where there is no node_modules, and use it', async () => {
    const parts = (await readdir(join(folder, 'src/parts'))).filter((name) => name.endsWith('.js'));
    const script = join(folder, 'later.mjs');
    const text = `
      const parts = await Promise.all(${JSON.stringify(parts)}.map((name) => import('./src/parts/' + name)));
      const all = Object.assign({}, ...parts);
      const { listens } = all.otlpTelemetry({ traces: true, metrics: true, metricSeconds: 60 });
      const { getToken } = new all.DefaultAzureCredential();
      const used = [listens, ...[getToken, all.sealVolume, all.sealManifest].map((one) => typeof one === 'function')];
      process.stdout.write(JSON.stringify(used), () => process.exit(0));`;
    await writeFile(script, text);
    const { stdout } = await run(process.execPath, [script], { cwd: folder, env: { PATH: process.env.PATH } });
    expect(JSON.parse(stdout)).toEqual([true, true, true, true]);
  });

  it('registers its functions with the worker, each under a name of its own', async () => {
    const { models, functions } = await load(folder, built.entry);
    expect(models).toEqual(['@azure/functions']);
    const names = functions.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    const triggers = functions.flatMap(({ bindings }) => Object.values(bindings).map(({ type }) => type));
    expect(triggers).toEqual(
      expect.arrayContaining(['httpTrigger', 'queueTrigger', 'orchestrationTrigger', 'activityTrigger']),
    );
  });
});
