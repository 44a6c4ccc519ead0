/**
 * Preloaded into Azurite's process. It holds the data directory for one Azurite at a time, and ends in good order when the process that
 * started it is gone, however that ended.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** For an Azurite that is still writing its data down after its parent was killed. */
const LOCK_WAIT_MILLISECONDS = 15_000;
const GRACE_MILLISECONDS = 10_000;

const { AZURITE_DATA_DIRECTORY: directory = '.' } = process.env;
// The system itself lets go of the lock when the process ends; a file with a process id could go stale.
const lock = new DatabaseSync(join(directory, 'lock.sqlite'), { timeout: LOCK_WAIT_MILLISECONDS });
try {
  lock.exec('BEGIN EXCLUSIVE');
} catch {
  throw new Error(`Another Azurite works on ${directory}`);
}

process.on('disconnect', () => {
  // Its farewell lines have no reader any more; an error there would end it before its data is on disk.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.kill(process.pid, 'SIGTERM');
  // The lock's own reference is kept by this closure.
  setTimeout(() => process.exit(lock.isOpen ? 1 : 0), GRACE_MILLISECONDS).unref();
});
