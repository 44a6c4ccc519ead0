import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Program } from './app/program.ts';
import { useBench } from './support.ts';

const bench = useBench();

let keys = 0;
const programs = fc.letrec<{ step: Program }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small' },
    fc.record({ kind: fc.constant('echo' as const), value: fc.nat(99) }),
    fc.constant({ kind: 'pause' as const }),
    fc.record({ kind: fc.constant('retried' as const), until: fc.integer({ min: 1, max: 3 }), key: fc.constant('') }),
    fc.record({ kind: fc.constant('all' as const), of: fc.array(tie('step'), { minLength: 1, maxLength: 4 }) }),
    fc.record({ kind: fc.constant('child' as const), of: fc.array(tie('step'), { maxLength: 3 }) }),
  ),
}));

/** Each retried step of a run fails on its own account. */
function withOwnKeys(program: Program): Program {
  if (program.kind === 'retried') return { ...program, key: `program-${keys++}` };
  return 'of' in program ? { ...program, of: program.of.map(withOwnKeys) } : program;
}

function expected(program: Program): unknown {
  switch (program.kind) {
    case 'echo':
      return program.value;
    case 'retried':
      return { attempt: program.until };
    case 'pause':
      return null;
    default:
      return program.of.map(expected);
  }
}

describe('any tree of activities, retries, timers, children and joins', () => {
  it('gives every result to the step that asked for it', async () => {
    const hub = bench.open();
    let runs = 0;
    const check = async (steps: Program[]) => {
      const own = steps.map(withOwnKeys);
      const { runtimeStatus, output } = await hub.run('program', `program-${runs++}`, { steps: own });
      expect({ runtimeStatus, output }).toEqual({ runtimeStatus: 'Completed', output: own.map(expected) });
    };
    await fc.assert(fc.asyncProperty(fc.array(programs.step, { maxLength: 4 }), check), { numRuns: 60 });
  });
});
