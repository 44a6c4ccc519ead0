/** Preloaded into Azurite's process: it ends in good order when the process that started it is gone, however that ended. */
const GRACE_MILLISECONDS = 5000;

process.on('disconnect', () => {
  // Its farewell lines have no reader any more; an error there would end it before its data is on disk.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), GRACE_MILLISECONDS).unref();
});
