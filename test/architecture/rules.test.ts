import { describe, expect, it } from 'vitest';
import { budgetFaults } from './budgets.ts';
import { importCycles } from './cycles.ts';
import { floorFaults } from './floors.ts';
import { sourceFile } from './source.ts';
import { taskFaults } from './task-uses.ts';

const sentences = (path: string, text: string): string => floorFaults([sourceFile(path, text)]).join('\n');

describe('the rule of the floors', () => {
  it.each([
    ['src/lib/plan/a.ts', "import type { B } from '../steps/b.ts';", /a floor above/],
    ['src/lib/plan/a.ts', "export { b } from '../steps/b.ts';", /a floor above/],
    ['src/lib/plan/a.ts', "export type A = import('../steps/b.ts').B;", /a floor above/],
    ['src/lib/store/a.ts', "import { b } from '../upstream/b.ts';", /do not know each other/],
    ['src/lib/workflow/a.ts', "import { b } from '../steps/b.ts';", /more than types/],
    ['src/lib/domain/a.ts', "import { b } from '@azure/storage-blob';", /pure/],
    ['src/lib/workflow/a.ts', "import { readFile } from 'node:fs/promises';", /deterministic/],
    ['src/functions/a.ts', "import { b } from '../../local/b.ts';", /must not know local/],
    ['local/simulator/a.ts', "import { b } from '../../src/lib/catalog/b.ts';", /must not know src/],
    ['cli/a.ts', "import { b } from '../src/lib/store/b.ts';", /must not know src\/lib\/store/],
    ['src/lib/store/a.ts', 'export const a = process.env.A;', /only src\/lib\/app/],
    ['src/lib/store/a.ts', "import { env } from 'node:process';", /only src\/lib\/app/],
    ['src/lib/elsewhere/a.ts', '', /no floor/],
  ])('refuses in %s: %s', (path, text, fault) => expect(sentences(path, text)).toMatch(fault));

  it.each([
    ['src/lib/workflow/a.ts', "import type { B } from '../steps/b.ts';"],
    ['src/lib/workflow/a.ts', "import { Task } from 'durable-functions';"],
    ['src/lib/app/a.ts', 'export const a = process.env.A;'],
    ['cli/verify/a.ts', "import { b } from '../../src/lib/domain/b.ts';"],
    ['local/a.ts', "import { b } from '../cli/verify/b.ts';"],
    ['src/lib/store/a.ts', "import { BlobClient } from '@azure/storage-blob'; import { b } from '../domain/b.ts';"],
  ])('lets %s have: %s', (path, text) => expect(sentences(path, text)).toBe(''));
});

describe('the rule against circles', () => {
  it('finds a circle that is closed by types only', () => {
    const files = [
      sourceFile('src/a.ts', "import { b } from './b.ts';"),
      sourceFile('src/b.ts', "import { c } from './c.ts';"),
      sourceFile('src/c.ts', "import type { A } from './a.ts';"),
    ];
    expect(importCycles(files)).toEqual(['src/a.ts → src/b.ts → src/c.ts → src/a.ts']);
    expect(importCycles(files.slice(0, 2))).toEqual([]);
  });
});

describe('the budgets', () => {
  it('refuse long files, long functions and long lists of parameters', () => {
    const lines = (count: number): string => 'f();\n'.repeat(count);
    const found = budgetFaults([
      sourceFile('src/long.ts', lines(301)),
      sourceFile('src/function.ts', `function f() {\n${lines(60)}}`),
      sourceFile('src/parameters.ts', 'const g = (a, b, c, d) => a;'),
    ]).join('\n');
    expect(found).toMatch(/src\/long.ts has 301 lines/);
    expect(found).toMatch(/src\/function.ts:1: a function of 62 lines/);
    expect(found).toMatch(/src\/parameters.ts:1: 4 parameters/);
  });
});

/** Sentences about the body of an orchestrator. */
const inOrchestrator = (body: string, before = ''): readonly string[] =>
  taskFaults([sourceFile('src/lib/workflow/a.ts', `${before}\nfunction* run(context) {\n${body}\n}`)]);

describe('the rule that no task is yielded twice', () => {
  const timer = 'const timer = context.df.createTimer(due);';
  const event = "const event = context.df.waitForExternalEvent('e');";

  it.each([
    ['a task yielded twice', `${event} yield event; yield event;`],
    [
      'a task combined twice',
      `${timer}${event} yield context.df.Task.any([event, timer]); yield context.df.Task.all([event]);`,
    ],
    [
      'a task combined again in a loop',
      `${event} while (open) { ${timer} yield context.df.Task.any([event, timer]); }`,
    ],
    ['a task yielded in a loop', `${event} for (;;) yield event;`],
    [
      'a task combined and then yielded',
      `${timer}${event} const first = yield context.df.Task.any([event, timer]); if (first === timer) yield event;`,
    ],
    [
      'an array of tasks combined twice',
      'const all = names.map((name) => context.df.waitForExternalEvent(name)); yield Task.any(all); yield Task.all(all);',
    ],
    [
      'an array that was filled step by step',
      'const all = []; for (const name of names) all.push(context.df.callActivity(name)); yield Task.any(all); yield Task.all(all);',
    ],
    ['a task under another name', `${event} const same = event; yield same; yield event;`],
    ['a task in an array and by itself', `${event} const all = [event]; yield Task.all(all); yield event;`],
    [
      'a task in an object',
      `const waiting = { timer: context.df.createTimer(due) }; yield waiting.timer; yield waiting.timer;`,
    ],
    ['a typed parameter', 'yield* inner(context); function* inner(task: TimerTask) { yield task; yield task; }'],
    [
      'a combination yielded twice',
      `${timer}${event} const either = Task.any([event, timer]); yield either; yield either;`,
    ],
    [
      'an element of an array of tasks in a loop over something else',
      'const all: Task[] = make(); for (const name of names) yield all[0];',
    ],
  ])('refuses %s', (_name, body) => expect(inOrchestrator(body).join('\n')).toMatch(/yielded again/));

  it('refuses a task that a function of the workflow made', () => {
    const maker = 'const begin = (context) => context.df.callActivity("begin");';
    expect(inOrchestrator('const task = begin(context); yield task; yield task;', maker).join('\n')).toMatch(
      /yielded again/,
    );
    const files = [
      sourceFile('src/lib/workflow/a.ts', `export ${maker}`),
      sourceFile(
        'src/lib/workflow/b.ts',
        'function* run(context) { const task = begin(context); yield task; yield task; }',
      ),
    ];
    expect(taskFaults(files)).toHaveLength(1);
  });

  it.each([
    [
      'one wait for many events or a timer',
      `${timer} const all = names.map((name) => context.df.waitForExternalEvent(name)); const done = context.df.Task.all(all); const first = yield context.df.Task.any([done, timer]); if (first !== timer) timer.cancel();`,
    ],
    [
      'a new task in each turn of a loop',
      `while (open) { ${timer}${event} const first = yield Task.any([event, timer]); if (!timer.isCompleted) timer.cancel(); }`,
    ],
    [
      'results used many times',
      "const result = yield context.df.callActivity('a', input); const other = yield context.df.callActivity('b', result); return [result, other, result];",
    ],
    [
      'tasks yielded one after the other',
      'const all = names.map((name) => context.df.callActivity(name)); for (const task of all) yield task;',
    ],
    ['one name in two scopes', `{ ${event} yield event; } { ${event} yield event; }`],
    [
      'an input that is passed on twice',
      "yield context.df.callActivity('a', input); yield context.df.callActivity('b', input);",
    ],
    ['promises of others', 'const all = [load()]; Promise.all(all); Promise.all(all);'],
  ])('allows %s', (_name, body) => expect(inOrchestrator(body)).toEqual([]));
});
