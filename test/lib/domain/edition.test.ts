import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  editionOfFile,
  MOST_EDITIONS,
  manifestName,
  receiptName,
  sealedEdition,
  volumeName,
} from '../../../src/lib/domain/edition.ts';
import { sealTask, taskIdSchema } from '../../../src/lib/domain/ids.ts';

const editions = fc.integer({ min: 1, max: MOST_EDITIONS });

describe('The files of an edition', () => {
  it('of a package are known by their names, and no two editions share one', () => {
    fc.assert(
      fc.property(editions, editions, fc.integer({ min: 1, max: 999_999 }), (edition, other, number) => {
        expect(editionOfFile(volumeName(edition, number))).toBe(edition);
        expect(editionOfFile(manifestName(edition))).toBe(edition);
        const namesOf = (one: number) => [
          volumeName(one, number),
          manifestName(one),
          receiptName(one, 'json'),
          sealTask(one),
        ];
        if (edition !== other)
          expect(namesOf(edition).filter((name) => namesOf(other).some((two) => two === name))).toEqual([]);
      }),
    );
  });

  it('are named as before where it is the first, and nothing else is a file of a package', () => {
    expect([volumeName(1, 1), manifestName(1), receiptName(1, 'jws'), sealTask(1)]).toEqual([
      'package-001.zip',
      'manifest.json',
      'receipt.jws',
      'seal',
    ]);
    for (const name of [
      'manifest-1.json',
      'manifest-02.json',
      'package-1-001.zip',
      'package-2-1.zip',
      'receipt.json',
      '../manifest.json',
    ])
      expect(editionOfFile(name)).toBeUndefined();
    expect(taskIdSchema.safeParse('seal-1').success).toBe(false);
    expect(taskIdSchema.parse('seal-2')).toBe(sealTask(2));
  });

  it('are handed out once it is sealed', () => {
    expect(sealedEdition({ state: 'running' })).toBe(0);
    expect(sealedEdition({ state: 'partially-completed' })).toBe(1);
    expect(sealedEdition({ state: 'sealing', edition: 2 })).toBe(1);
    expect(sealedEdition({ state: 'completed', edition: 2 })).toBe(2);
  });
});
