/** Records of a ZIP archive (PKWARE APPNOTE 6.3.10), as a writer needs them that never goes back in what it has written. */

/** A file in an archive, as far as it is known when a record is written. */
export interface ZipFile {
  /** In UTF-8. */
  readonly name: Buffer;
  readonly deflated: boolean;
  /** Where its local header begins. */
  readonly offset: number;
  readonly modified: Date;
}

export interface ZipSums {
  readonly crc: number;
  /** As packed. */
  readonly packed: number;
  /** As unpacked. */
  readonly bytes: number;
}

/** Made on UNIX, by version 6.3 of the format (4.4.2): readers take the upper half of the attributes for a mode. */
const MADE_BY = (3 << 8) | 63;
/** A file that anybody may read and its owner may write (4.4.15). */
const ATTRIBUTES = 0o100644 * 0x10000;
const NAME_IS_UTF8 = 1 << 11;
const SUMS_FOLLOW = 1 << 3;
/** A larger size or offset stands in fields of 64 bits (4.5.3); this value says so. */
const LARGEST = 0xfffffffe;
const ELSEWHERE = 0xffffffff;
const MOST_FILES = 0xfffe;

const isLarge = (...values: number[]): boolean => values.some((value) => value > LARGEST);
const versionNeeded = (large: boolean): number => (large ? 45 : 20);

/** What stands before a file's bytes (4.3.7). Without sums they follow the bytes. */
export function localHeader(file: ZipFile, sums?: ZipSums): Buffer {
  const record = Buffer.alloc(30);
  record.writeUInt32LE(0x04034b50, 0);
  record.writeUInt16LE(versionNeeded(false), 4);
  writeCommon(record.subarray(6), file, sums);
  record.writeUInt16LE(file.name.length, 26);
  return Buffer.concat([record, file.name]);
}

/** Flags, method, time, sums: alike in both headers. */
function writeCommon(record: Buffer, file: ZipFile, sums: ZipSums | undefined): void {
  record.writeUInt16LE(NAME_IS_UTF8 | (sums ? 0 : SUMS_FOLLOW), 0);
  record.writeUInt16LE(file.deflated ? 8 : 0, 2);
  record.writeUInt16LE(dosTime(file.modified), 4);
  record.writeUInt16LE(dosDate(file.modified), 6);
  record.writeUInt32LE(sums?.crc ?? 0, 8);
  record.writeUInt32LE(sums?.packed ?? 0, 12);
  record.writeUInt32LE(sums?.bytes ?? 0, 16);
}

/** What stands after the bytes of a file whose sums weren't known before (4.3.9). */
export function dataDescriptor({ crc, packed, bytes }: ZipSums): Buffer {
  const large = isLarge(packed, bytes);
  const record = Buffer.alloc(large ? 24 : 16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(crc, 4);
  if (large) {
    record.writeBigUInt64LE(BigInt(packed), 8);
    record.writeBigUInt64LE(BigInt(bytes), 16);
  } else {
    record.writeUInt32LE(packed, 8);
    record.writeUInt32LE(bytes, 12);
  }
  return record;
}

/** A file's line in the list at the end (4.3.12). `followed`: its sums stand behind its bytes. */
export function directoryRecord(file: ZipFile, sums: ZipSums, followed: boolean): Buffer {
  const large = isLarge(sums.packed, sums.bytes, file.offset);
  const shown = large ? { ...sums, packed: ELSEWHERE, bytes: ELSEWHERE } : sums;
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(MADE_BY, 4);
  record.writeUInt16LE(versionNeeded(large), 6);
  writeCommon(record.subarray(8), file, shown);
  if (followed) record.writeUInt16LE(NAME_IS_UTF8 | SUMS_FOLLOW, 8);
  record.writeUInt16LE(file.name.length, 28);
  record.writeUInt16LE(large ? 28 : 0, 30);
  record.writeUInt32LE(ATTRIBUTES, 38);
  record.writeUInt32LE(large ? ELSEWHERE : file.offset, 42);
  if (!large) return Buffer.concat([record, file.name]);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(0x0001, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(sums.bytes), 4);
  extra.writeBigUInt64LE(BigInt(sums.packed), 12);
  extra.writeBigUInt64LE(BigInt(file.offset), 20);
  return Buffer.concat([record, file.name, extra]);
}

/** The records at an archive's end (4.3.14 to 4.3.16). @param at where the list of files begins. @param comment in ASCII. */
export function endRecords(at: { files: number; offset: number; bytes: number }, comment: string): Buffer {
  const large = at.files > MOST_FILES || isLarge(at.offset, at.bytes);
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  const files = large ? 0xffff : at.files;
  record.writeUInt16LE(files, 8);
  record.writeUInt16LE(files, 10);
  record.writeUInt32LE(large ? ELSEWHERE : at.bytes, 12);
  record.writeUInt32LE(large ? ELSEWHERE : at.offset, 16);
  record.writeUInt16LE(comment.length, 20);
  const end = Buffer.concat([record, Buffer.from(comment, 'latin1')]);
  return large ? Buffer.concat([largeEnd(at), end]) : end;
}

function largeEnd({ files, offset, bytes }: { files: number; offset: number; bytes: number }): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(MADE_BY, 12);
  record.writeUInt16LE(versionNeeded(true), 14);
  record.writeBigUInt64LE(BigInt(files), 24);
  record.writeBigUInt64LE(BigInt(files), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  // The locator: where the record above begins, on the only disk.
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(offset + bytes), 64);
  record.writeUInt32LE(1, 72);
  return record;
}

/** Wall-clock time in steps of two seconds; ours is UTC (4.4.6). */
const dosTime = (time: Date): number =>
  (time.getUTCHours() << 11) | (time.getUTCMinutes() << 5) | (time.getUTCSeconds() >> 1);

/** The format knows the years 1980 to 2107. */
const dosDate = (time: Date): number =>
  (Math.max(0, time.getUTCFullYear() - 1980) << 9) | ((time.getUTCMonth() + 1) << 5) | time.getUTCDate();
