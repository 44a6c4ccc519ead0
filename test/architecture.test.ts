import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { budgetFaults } from './architecture/budgets.ts';
import { importCycles } from './architecture/cycles.ts';
import { floorFaults } from './architecture/floors.ts';
import { readSources } from './architecture/source.ts';
import { taskFaults } from './architecture/task-uses.ts';

const root = join(import.meta.dirname, '..');
const program = readSources(root, ['src', 'client', 'local', 'console', 'cli', 'bench', 'scripts', 'faults']);
const inFolder = (...folders: readonly string[]) =>
  program.filter(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)));

describe('the architecture', () => {
  it('sees the program', () => {
    expect(inFolder('src/lib/domain').length).toBeGreaterThan(5);
    expect(program.flatMap(({ imports }) => imports).length).toBeGreaterThan(program.length);
  });

  it('has imports that lead to lower floors only, and one reader of the environment', () => {
    expect(floorFaults(program)).toEqual([]);
  });

  it('has no circle of imports, types included', () => {
    expect(importCycles(program)).toEqual([]);
  });

  it('keeps to the budgets of files, functions and parameters', () => {
    expect(budgetFaults(inFolder('src', 'client', 'local', 'cli', 'scripts', 'faults'))).toEqual([]);
  });

  it('yields no task object twice', () => {
    expect(taskFaults(inFolder('src/lib/workflow', 'src/functions'))).toEqual([]);
  });
});
