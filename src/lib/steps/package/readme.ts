import { manifestName, volumeName } from '../../domain/edition.ts';
import type { RequestId } from '../../domain/ids.ts';
import { heldEntry, type PackageEntry } from './entry.ts';

/** The same file in every volume, so that volumes may be unpacked into one folder. */
export function readmeEntry(requestId: RequestId, edition: number): PackageEntry {
  const text = [
    `Export of data subject request ${requestId}.`,
    '',
    `Unpack all volumes (${volumeName(edition, 1)}, ${volumeName(edition, 2)}, ...) into one folder, then open report.html, which`,
    'is in the first volume, with any browser: it shows what was found, and the images. It needs no network. The folders are:',
    '',
    '  {target}/{family}/report-0001.html       pages of the report on one kind of data, for reading',
    '  {target}/{family}/documents-0001.ndjson  what the service knows about each item: one JSON document a line, as the',
    '                                           service gave it, with secrets and signatures masked',
    '  {target}/{family}/ledger-0001.ndjson     what became of each item, where its files lie, and what could not be read',
    '  {target}/{family}/content/               the files themselves: images, exported models',
    '',
    'A target is an Azure resource under the name that its operator gave it; a family is one kind of data in it.',
    `${manifestName(edition)}, beside the volumes, lists every file with its size and SHA-256.`,
    '',
  ].join('\n');
  return heldEntry('README.txt', [text]);
}
