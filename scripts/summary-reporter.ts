import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Counts tests; a file that can't be loaded and an error outside every test count as failures, so that none can hide. */
export function summarise(modules: readonly TestModule[], unhandled: readonly unknown[]): Summary {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
  const brokenFiles = modules.filter((module) => module.errors().length > 0).length;
  // A test without a result never ran to its end: the run was cut short.
  const failed = count('failed') + count('pending') + brokenFiles + unhandled.length;
  return { passed: count('passed'), failed, skipped: count('skipped') };
}

/** `N passed, N failed`, with `, N skipped` after it where there are any. */
export function summaryLine({ passed, failed, skipped }: Summary): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Makes the summary the last line of the run: it is printed when the process ends, after everything that other reporters say. */
export default class SummaryReporter implements Reporter {
  #line = '0 passed, 1 failed';

  onInit(): void {
    process.once('exit', () => console.log(this.#line));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    this.#line = summaryLine(summarise(modules, unhandled));
  }
}
