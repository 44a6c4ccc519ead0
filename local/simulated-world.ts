import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import type { SimulatorOptions } from './simulator/simulator.ts';
import { makeWorld } from './simulator/world/make.ts';
import type { World } from './simulator/world/model.ts';
import type { WorldOptions } from './simulator/world/options.ts';

/**
 * A world that outlives the simulator, as real services outlive whoever calls them: read from the file, or made and kept there. It is
 * written before each answer after which it is another. What was accepted but hadn't happened when the process ended never happens.
 * @throws Error when the file is from another version of the simulator.
 */
export function lastingWorld(file: string, options: WorldOptions): Pick<SimulatorOptions, 'world' | 'onAnswer'> {
  const fresh = makeWorld(options);
  const kept = existsSync(file) ? readFileSync(file) : undefined;
  const world = kept ? readWorld(kept) : fresh;
  if (!isDeepStrictEqual(Object.keys(world), Object.keys(fresh))) {
    throw new Error(`${file} is from another version of the simulator. Remove its folder to begin again.`);
  }
  mkdirSync(dirname(file), { recursive: true });
  let written = kept;
  const keep = () => {
    const now = serialize(world);
    if (written?.equals(now)) return;
    writeFileSync(`${file}.new`, now);
    renameSync(`${file}.new`, file);
    written = now;
  };
  keep();
  return { world, onAnswer: keep };
}

/** Only this file writes it, and maps and shared objects come back as they were. */
const readWorld = (bytes: Buffer): World => deserialize(bytes);
