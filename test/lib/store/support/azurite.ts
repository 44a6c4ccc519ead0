import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type RunningAzurite, startAzurite } from '../../../../local/host/azurite.ts';
import { ensureContainer, openStorage, type Storage } from '../../../../src/lib/store/storage.ts';

export interface TestStorage {
  readonly connection: string;
  readonly storage: Storage;
}

/** Azurite for the tests of one file, on free ports, with data of its own that is gone afterwards. */
export function useAzurite(): TestStorage {
  let azurite: RunningAzurite;
  let directory: string;
  let storage: Storage;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dsr-store-'));
    azurite = await startAzurite({ dataDirectory: directory });
    storage = openStorage({ connection: azurite.connectionString });
    await ensureContainer(storage);
  });
  afterAll(async () => {
    await azurite.stop();
    await rm(directory, { recursive: true, force: true });
  });
  return {
    get connection() {
      return azurite.connectionString;
    },
    get storage() {
      return storage;
    },
  };
}
