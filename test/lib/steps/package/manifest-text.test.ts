import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mintRequestId } from '../../../../src/lib/domain/ids.ts';
import type { EntryLine, VolumeLine } from '../../../../src/lib/domain/ledger.ts';
import { type ManifestHead, manifestSchema } from '../../../../src/lib/domain/manifest.ts';
import { manifestText } from '../../../../src/lib/steps/package/manifest-text.ts';

const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
const bytes = fc.nat();
const volumes = fc.array(
  fc.tuple(bytes, sha256, fc.array(fc.record({ path: fc.string({ minLength: 1 }), bytes, sha256 }))),
  {
    maxLength: 4,
  },
);

it('writes the lines of volumes and entries as a manifest with its sums, whatever they hold', async () => {
  await fc.assert(
    fc.asyncProperty(volumes, async (all) => {
      const head: ManifestHead = {
        v: 1,
        requestId: mintRequestId(),
        action: 'export',
        createdAt: '2026-01-05T11:00:00.000Z',
      };
      const made = all.map(([size, digest, entries], index) => ({
        name: `package-00${index + 1}.zip`,
        size,
        digest,
        entries,
      }));
      const lines = made.flatMap(({ name, size, digest, entries }): (VolumeLine | EntryLine)[] => [
        { line: 'volume', name, bytes: size, sha256: digest, entries: entries.length },
        ...entries.map((entry) => ({ line: 'entry' as const, volume: name, ...entry })),
      ]);
      let text = '';
      for await (const part of manifestText(head, each(lines))) text += part;
      const sum = (values: readonly { bytes: number }[]) => values.reduce((total, one) => total + one.bytes, 0);
      const files = made.flatMap(({ entries }) => entries);
      expect(manifestSchema.parse(JSON.parse(text))).toEqual({
        ...head,
        volumes: made.map(({ name, size, digest, entries }) => ({ name, bytes: size, sha256: digest, entries })),
        totals: {
          volumes: made.length,
          entries: files.length,
          bytes: sum(files),
          archiveBytes: made.reduce((total, { size }) => total + size, 0),
        },
      });
    }),
  );
});

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}
