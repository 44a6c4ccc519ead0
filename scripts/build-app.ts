import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
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
  readonly bytes: number;
  /** Every file that went into the bundle, relative to `root`. */
  readonly inputs: readonly string[];
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
 * Bundles the app into a folder that a zip deployment takes as it is: program, source map, host.json and package.json, no node_modules.
 * @throws what esbuild says, after printing it with the place in the source.
 */
export async function buildApp(options: BuildOptions): Promise<BuiltApp> {
  const { root, outputFolder } = options;
  await rm(outputFolder, { recursive: true, force: true });
  await mkdir(outputFolder, { recursive: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [options.entryPoint ?? join(root, 'src/functions/main.ts')],
    outfile: join(outputFolder, entry),
    bundle: true,
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
  const bytes = Object.entries(metafile.outputs).find(([file]) => file.endsWith('.js'))?.[1].bytes ?? 0;
  return { entry, bytes, inputs: Object.keys(metafile.inputs) };
}
