import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { DurableHub, Invocation, InvocationOutcome, Invoker } from '../../../../local/host/contract.ts';
import { useBench } from './support.ts';

const bench = useBench();

/** Drops its hub at one step: before an invocation reaches the worker, or when its outcome is there and hasn't been told yet. */
class CrashingInvoker implements Invoker {
  hub: DurableHub | undefined;
  steps = 0;
  readonly crashed = Promise.withResolvers<void>();
  readonly #inner: Invoker;
  readonly #crashAt: number;

  constructor(inner: Invoker, crashAt: number) {
    this.#inner = inner;
    this.#crashAt = crashAt;
  }

  async invoke(invocation: Invocation): Promise<InvocationOutcome> {
    await this.#step();
    const outcome = await this.#inner.invoke(invocation);
    await this.#step();
    return outcome;
  }

  async #step(): Promise<void> {
    this.steps += 1;
    if (this.steps < this.#crashAt) return;
    if (this.steps === this.#crashAt) {
      await this.hub?.stop(0);
      this.crashed.resolve();
    }
    await new Promise(() => undefined);
  }
}

const expected = {
  runtimeStatus: 'Completed',
  output: {
    doubled: { n: 8 },
    all: [{ n: 2 }, { n: 4 }, { n: 6 }],
    child: { name: 'c', n: 42, parent: 'x' },
    event: { from: 'outside' },
    failure: 'caught',
  },
};

/** Runs to the end with a crash at one step; tells whether there was such a step. */
async function runWithCrash(crashAt: number): Promise<boolean> {
  const invoker = new CrashingInvoker(bench.pool, crashAt);
  const first = bench.open({}, invoker);
  invoker.hub = first.hub;
  await first.start('everything', 'x');
  await first.raise('x', 'go', { from: 'outside' });
  const ended = first.ended('x').then(
    () => 'ended' as const,
    () => 'crashed' as const,
  );
  const end = await Promise.race([ended, invoker.crashed.promise.then(() => 'crashed' as const)]);
  const last = end === 'ended' ? first : bench.open({ file: first.file });
  const status = await last.ended('x');
  expect(status, `crash at step ${crashAt}`).toMatchObject(expected);
  expect(await last.status('x-child')).toMatchObject({ runtimeStatus: 'Completed' });
  await last.hub.stop(1_000);
  return end === 'crashed';
}

describe('a hub that is dropped and opened again on its file', () => {
  it('comes to the same end whichever step it was dropped at', async () => {
    let crashAt = 1;
    while (await runWithCrash(crashAt)) crashAt += 1;
    expect(crashAt).toBeGreaterThan(30);
  });

  it.each([2, 9, 16, 23])('comes to the same end after kill -9 of its process at step %i', async (step) => {
    const file = join(bench.folder, `killed-${step}.sqlite`);
    const script = fileURLToPath(new URL('./app/killed-host.ts', import.meta.url));
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      if (line === `step ${step}`) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    expect(child.signalCode).toBe('SIGKILL');
    const reopened = bench.open({ file });
    expect(await reopened.ended('x')).toMatchObject(expected);
  });

  it('is not opened twice', async () => {
    const hub = bench.open();
    await hub.start('status', 'x');
    expect(() => bench.open({ file: hub.file })).toThrow(/locked/);
    await hub.hub.stop(1_000);
    expect(await hub.request('GET', '/instances/x')).toMatchObject({ status: 503 });
    expect(await bench.open({ file: hub.file }).status('x')).toMatchObject({ name: 'status' });
  });
});
