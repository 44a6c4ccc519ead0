import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { PackageCursor } from '../../../../src/lib/steps/package/cursor.ts';
import { EntryMismatch, type PackageEntry, textEntry } from '../../../../src/lib/steps/package/entry.ts';
import type { Piece } from '../../../../src/lib/steps/package/pieces.ts';
import { VolumePlan } from '../../../../src/lib/steps/package/plan.ts';
import { zipBytes } from '../../../../src/lib/steps/package/zip.ts';
import { readArchive } from '../support/archive.ts';

const MODIFIED = new Date('2026-03-29T01:30:58.000Z');
const entryOf = (path: string, text: string): Promise<PackageEntry> =>
  textEntry(path, async function* () {
    yield text;
  });

describe('an archive', () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it('is the same in every time zone', async () => {
    const entries = [await entryOf('a/b.txt', 'text'), { ...(await entryOf('c.png', 'bytes')), stored: true }];
    const archives = [];
    // 01:30 UTC on that day is 03:30 in Vienna, the first hour of summer time; local 01:30 exists in all three.
    for (const name of ['UTC', 'Europe/Vienna', 'America/New_York']) {
      process.env.TZ = name;
      archives.push(await buffer(zipBytes(entries, MODIFIED)));
    }
    expect(archives[1]).toEqual(archives[0]);
    expect(archives[2]).toEqual(archives[0]);
    expect(await readArchive(archives[0] ?? Buffer.alloc(0))).toEqual(
      new Map([
        ['a/b.txt', Buffer.from('text')],
        ['c.png', Buffer.from('bytes')],
      ]),
    );
  });

  it('breaks off where an entry has other bytes than it says, or more, or cannot be read', async () => {
    const good = await entryOf('a', 'right');
    const failing = async function* () {
      yield Buffer.from('ri');
      throw new RangeError('the connection broke');
    };
    const other = (text: string) => ({ ...good, open: () => textChunks(text) });
    await expect(buffer(zipBytes([other('wrong')], MODIFIED))).rejects.toThrow(EntryMismatch);
    await expect(buffer(zipBytes([other('right and more')], MODIFIED))).rejects.toThrow();
    await expect(buffer(zipBytes([other('')], MODIFIED))).rejects.toThrow();
    await expect(buffer(zipBytes([{ ...good, open: failing }], MODIFIED))).rejects.toThrow(RangeError);
  });

  it('closes what it reads when nobody wants the rest, and opens nothing more', async () => {
    const opened: string[] = [];
    const closed = Promise.withResolvers<void>();
    const endless = (path: string): PackageEntry => ({
      path,
      bytes: Number.MAX_SAFE_INTEGER,
      sha256: '',
      stored: true,
      open: async function* () {
        opened.push(path);
        try {
          while (true) yield Buffer.alloc(65_536);
        } finally {
          closed.resolve();
        }
      },
    });
    let chunks = 0;
    for await (const _ of zipBytes([endless('a'), endless('b')], MODIFIED)) {
      chunks += 1;
      if (chunks === 5) break;
    }
    await closed.promise;
    expect(opened).toEqual(['a']);
  });
});

async function* textChunks(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

describe('a volume', () => {
  it('is within its limits unless one file is larger, leaves nothing out, and is no larger than planned', async () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 25 });
    const limits = fc.record({ bytes: fc.integer({ min: 600, max: 9000 }), entries: fc.integer({ min: 2, max: 8 }) });
    await fc.assert(
      fc.asyncProperty(sizes, limits, fc.boolean(), async (all, limit, stored) => {
        const readme = await entryOf('README.txt', 'about');
        const entries: PackageEntry[] = [];
        for (const [index, size] of all.entries()) {
          entries.push({ ...(await entryOf(`t/f/${index}`, noise(size))), stored });
        }
        const packed: string[] = [];
        let next: PackageCursor | undefined = { task: 0 };
        while (next) {
          const plan: VolumePlan = new VolumePlan(limit);
          const archive = await buffer(zipBytes(plan.decide(readme, pieces(entries, next.task)), MODIFIED));
          expect(plan.isDecided).toBe(true);
          expect(plan.entries.length).toBeLessThanOrEqual(limit.entries);
          if (plan.entries.length > 2) expect(archive.length).toBeLessThanOrEqual(limit.bytes);
          packed.push(...plan.entries.slice(1).map(({ path }) => path));
          next = plan.next;
        }
        expect(packed).toEqual(entries.map(({ path }) => path));
      }),
      { numRuns: 40 },
    );
  });

  it('holds a file once that was found twice', async () => {
    const twice = await entryOf('t/f/content/x.png', 'same');
    const plan = new VolumePlan({ bytes: 10_000, entries: 10 });
    await buffer(zipBytes(plan.decide(await entryOf('README.txt', 'about'), pieces([twice, twice], 0)), MODIFIED));
    expect(plan.entries.map(({ path }) => path)).toEqual(['README.txt', 't/f/content/x.png']);
    expect(plan.next).toBeUndefined();
  });
});

/** Text that deflate can't make smaller by much. */
const noise = (size: number): string => {
  let state = size + 1;
  return Array.from({ length: size }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return String.fromCharCode(33 + (state % 90));
  }).join('');
};

async function* pieces(entries: readonly PackageEntry[], from: number): AsyncGenerator<Piece> {
  for (const [index, entry] of entries.entries()) if (index >= from) yield { entry, cursor: { task: index } };
}
