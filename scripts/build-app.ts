import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { z } from 'zod';

export interface BuildOptions {
  /** Folder with package.json, host.json and `src/functions/main.ts`. */
  readonly root: string;
  /** Emptied first. */
  readonly outputFolder: string;
  /** The one module that imports every function file; `src/functions/main.ts` of `root` when absent. */
  readonly entryPoint?: string;
}

export interface BuiltApp {
  /** Path of the bundle below the output folder, which is also the `main` of its package.json. */
  readonly entry: string;
  /** Size of what every start loads. */
  readonly bytes: number;
  /** Every file that went into the bundle and its parts, relative to `root`. */
  readonly inputs: readonly string[];
  /** Those of them that every start loads. */
  readonly startInputs: readonly string[];
}

const entry = 'src/functions/main.js';

/**
 * CommonJS packages in the bundle call `require`, which an ES module doesn't have. This one goes through `Module.prototype.require`: there the
 * worker answers for `@azure/functions-core` (azure-functions-nodejs-worker, src/setupCoreModule.ts).
 */
const banner = "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);";

const manifest = z.looseObject({ name: z.string(), version: z.string(), license: z.string(), engines: z.unknown() });

async function writeManifest(options: BuildOptions): Promise<void> {
  const source = manifest.parse(JSON.parse(await readFile(join(options.root, 'package.json'), 'utf8')));
  const { name, version, license, engines } = source;
  const deployed = { name, version, private: true, license, type: 'module', main: entry, engines };
  await writeFile(join(options.outputFolder, 'package.json'), `${JSON.stringify(deployed, undefined, 2)}\n`);
}

/**
 * Bundles the app into a folder that a zip deployment takes as it is: program with its source maps, host.json and package.json, no node_modules.
 * @throws what esbuild says, after printing it with the place in the source.
 */
export async function buildApp(options: BuildOptions): Promise<BuiltApp> {
  const { root, outputFolder } = options;
  await rm(outputFolder, { recursive: true, force: true });
  await mkdir(outputFolder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: options.entryPoint ?? join(root, 'src/functions/main.ts'), out: entry.slice(0, -'.js'.length) },
    ],
    outdir: outputFolder,
    bundle: true,
    // What is imported later (telemetry) stays out of the file that every cold start parses.
    splitting: true,
    chunkNames: 'src/parts/[name]-[hash]',
    platform: 'node',
    target: 'node22',
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
    // Names of classes and functions stand in stack traces and in durable-functions' checks: keep them.
    keepNames: true,
    external: ['@azure/functions-core'],
    banner: { js: banner },
    metafile: true,
    logLevel: 'warning',
  });
  await copyFile(join(root, 'host.json'), join(outputFolder, 'host.json'));
  await writeManifest(options);
  const starting = loadedAtStart(metafile.outputs);
  return {
    entry,
    bytes: starting.reduce((sum, { bytes }) => sum + bytes, 0),
    inputs: Object.keys(metafile.inputs),
    startInputs: starting.flatMap((output) => Object.keys(output.inputs)),
  };
}

type Outputs = Metafile['outputs'];

/** The bundle and what it imports before anything of it runs. */
function loadedAtStart(outputs: Outputs): readonly Outputs[string][] {
  const isStatic = ({ kind, external }: Outputs[string]['imports'][number]): boolean =>
    kind === 'import-statement' && external !== true;
  const found = new Set(Object.keys(outputs).filter((path) => path.endsWith(entry)));
  // A set is walked together with what is added meanwhile.
  for (const path of found) for (const one of outputs[path]?.imports ?? []) if (isStatic(one)) found.add(one.path);
  return [...found].flatMap((path) => outputs[path] ?? []);
}
