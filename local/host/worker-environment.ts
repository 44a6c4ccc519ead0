/** What a worker sees: the machine's own environment without our app settings' names, then the app's settings, then the host's. */
export function workerEnvironment(settings: Readonly<Record<string, string>>, port: number): Record<string, string> {
  const inherited = [
    'PATH',
    'HOME',
    'TMPDIR',
    'TEMP',
    'TMP',
    'SystemRoot',
    'USERPROFILE',
    'LANG',
    'TZ',
    'NODE_V8_COVERAGE',
  ];
  const machine = inherited.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(machine),
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    // `localhost:` in front makes the durable client's management URLs plain http, as on the genuine host.
    WEBSITE_HOSTNAME: `localhost:${port}`,
    ...settings,
  };
}
