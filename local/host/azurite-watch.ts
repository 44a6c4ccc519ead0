/** Preloaded into Azurite's process: it ends in good order when the process that started it is gone, however that ended. */
const GRACE_MILLISECONDS = 5000;

process.on('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), GRACE_MILLISECONDS).unref();
});
