import type { EntryLine, VolumeLine } from '../../domain/ledger.ts';
import type { ManifestEntry, ManifestHead, ManifestTotals } from '../../domain/manifest.ts';

/**
 * `manifest.json` piece by piece, with a line for each file: however many there are, none are kept. The entries of a volume follow
 * its line.
 */
export async function* manifestText(
  head: ManifestHead,
  lines: AsyncIterable<VolumeLine | EntryLine>,
): AsyncGenerator<string> {
  const totals: ManifestTotals = { volumes: 0, entries: 0, bytes: 0, archiveBytes: 0 };
  let entriesHere = 0;
  yield `${JSON.stringify(head).slice(0, -1)},"volumes":[`;
  for await (const line of lines) {
    if (line.line === 'volume') {
      const { name, bytes, sha256 } = line;
      const before = totals.volumes === 0 ? '\n' : '\n]},\n';
      yield `${before}${JSON.stringify({ name, bytes, sha256 }).slice(0, -1)},"entries":[`;
      totals.volumes += 1;
      totals.archiveBytes += bytes;
      entriesHere = 0;
    } else {
      const { path, bytes, sha256 } = line;
      const entry: ManifestEntry = { path, bytes, sha256 };
      yield `${entriesHere === 0 ? '\n' : ',\n'}${JSON.stringify(entry)}`;
      entriesHere += 1;
      totals.entries += 1;
      totals.bytes += bytes;
    }
  }
  yield `${totals.volumes === 0 ? '' : '\n]}'}\n],"totals":${JSON.stringify(totals)}}\n`;
}
