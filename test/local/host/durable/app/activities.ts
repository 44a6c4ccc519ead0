import * as df from 'durable-functions';

/** Gives back what it gets. */
df.app.activity('echo', { handler: (value: unknown) => value });

df.app.activity('double', { handler: ({ n }: { n: number }) => ({ n: n * 2 }) });

df.app.activity('fail', {
  handler: ({ message }: { message: string }) => {
    throw new Error(message);
  },
});

const attempts = new Map<string, number>();

/** Throws until it was called `until` times with one key in this worker. */
df.app.activity('flaky', {
  handler: ({ key, until }: { key: string; until: number }) => {
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    if (attempt < until) throw new Error(`attempt ${attempt}`);
    return { attempt };
  },
});

/** Ends its worker the first time that a file is missing there; the file is then there. */
df.app.activity('dieOnce', {
  handler: async ({ file }: { file: string }) => {
    const { existsSync, writeFileSync } = await import('node:fs');
    if (existsSync(file)) return 'survived';
    writeFileSync(file, '');
    process.kill(process.pid, 'SIGKILL');
    return 'unreachable';
  },
});
