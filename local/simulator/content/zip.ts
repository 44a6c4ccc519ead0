import { crc32 } from 'node:zlib';
import { contentOf, fillerBytes, type GeneratedContent, pieceBytes } from './content.ts';

const localHeader = 30;
const centralHeader = 46;
const endRecord = 22;
/** 1 January 2020 as MS-DOS writes dates. */
const dosDate = 0x5021;

/** A valid ZIP archive of about `size` bytes (never less than one empty entry): stored parts of at most 64 KiB, as an exported model. */
export function archiveContent(seed: string, size: number): GeneratedContent {
  const count = Math.max(1, Math.ceil(size / pieceBytes));
  const perEntry = localHeader + centralHeader + 2 * nameOf(0).length;
  const payload = Math.max(0, size - endRecord - count * perEntry);
  const lengthOf = (entry: number) =>
    Math.floor(((entry + 1) * payload) / count) - Math.floor((entry * payload) / count);
  const dataOf = (entry: number) => fillerBytes(seed, entry, lengthOf(entry));
  const directorySize = count * (centralHeader + nameOf(0).length) + endRecord;
  return contentOf({
    mediaType: 'application/zip',
    seed,
    count: count + 1,
    sizeOf: (piece) => (piece === count ? directorySize : localHeader + nameOf(piece).length + lengthOf(piece)),
    make: (piece) => (piece === count ? directory(count, dataOf) : entryBytes(piece, dataOf(piece))),
  });
}

function nameOf(entry: number): string {
  return `part-${String(entry).padStart(6, '0')}.bin`;
}

/** The fields that local and central header share, from "version needed" to the length of the extra field. */
function sharedFields(entry: number, data: Uint8Array): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(dosDate, 8);
  fields.writeUInt32LE(crc32(data), 10);
  fields.writeUInt32LE(data.length, 14);
  fields.writeUInt32LE(data.length, 18);
  fields.writeUInt16LE(nameOf(entry).length, 22);
  return fields;
}

function entryBytes(entry: number, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from('PK\u0003\u0004'), sharedFields(entry, data), Buffer.from(nameOf(entry)), data]);
}

function directory(count: number, dataOf: (entry: number) => Uint8Array): Buffer {
  const records: Buffer[] = [];
  let offset = 0;
  for (let entry = 0; entry < count; entry += 1) {
    const data = dataOf(entry);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    const madeBy = Buffer.from([20, 0]);
    records.push(Buffer.from('PK\u0001\u0002'), madeBy, sharedFields(entry, data), tail, Buffer.from(nameOf(entry)));
    offset += localHeader + nameOf(entry).length + data.length;
  }
  const listing = Buffer.concat(records);
  const end = Buffer.alloc(endRecord);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([listing, end]);
}
