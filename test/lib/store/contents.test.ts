import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { mintRequestId, mintTaskId } from '../../../src/lib/domain/ids.ts';
import { extensionOf } from '../../../src/lib/steps/package/paths.ts';
import { contentStore } from '../../../src/lib/store/contents.ts';
import { useAzurite } from './support/azurite.ts';
import { faultyStorage } from './support/faulty-storage.ts';

const account = useAzurite();
const contents = () => contentStore(account.storage);
const newPlace = () => ({ requestId: mintRequestId(), taskId: mintTaskId(1, 0), key: 'projects/1/images/2#original' });
const MIB = 1024 * 1024;

/** Bytes that differ from place to place, without holding them all. */
function* generated(bytes: number, seed = 0): Generator<Buffer> {
  const chunk = 100_003;
  for (let start = 0; start < bytes; start += chunk) {
    yield Buffer.alloc(Math.min(chunk, bytes - start), (start + seed) % 251);
  }
}

function digest(chunks: Iterable<Buffer>): string {
  const hash = createHash('sha256');
  for (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

describe('contents', () => {
  for (const bytes of [0, 1, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1, 13 * MIB]) {
    it(`of ${bytes} bytes are stored whole, with their digest, and read back`, async () => {
      const place = newPlace();
      const saved = await contents().save(place, Readable.from(generated(bytes)), 'image/png');
      expect(saved).toMatchObject({ bytes, sha256: digest(generated(bytes)), contentType: 'image/png' });
      expect(await contents().find(place)).toEqual(saved);
      const read = await buffer(contents().read(saved.blob));
      expect(digest([read])).toBe(saved.sha256);
    });
  }

  it('that upstream gives no type are called pictures where they begin as one, on the first attempt and the next', async () => {
    const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
    for (const more of [0, 9 * MIB]) {
      const place = newPlace();
      const saved = await contents().save(place, [png, ...generated(more)], 'application/octet-stream');
      expect(saved).toMatchObject({ bytes: png.length + more, contentType: 'image/png' });
      expect(await contents().find(place)).toEqual(saved);
      // So the package's file is one that report.html shows.
      expect(extensionOf(saved.contentType)).toBe('png');
    }
  });

  it('that an earlier attempt has saved win, and the later source is closed', async () => {
    const place = newPlace();
    for (const bytes of [10, 9 * MIB]) {
      const first = await contents().save({ ...place, key: `${bytes}` }, generated(bytes), 'image/png');
      const later = Readable.from(generated(bytes, 1));
      expect(await contents().save({ ...place, key: `${bytes}` }, later, 'text/plain')).toEqual(first);
      expect(later.destroyed).toBe(true);
    }
  });

  it('saved by several at once end as the content of one of them', async () => {
    const place = newPlace();
    const all = await Promise.all(
      [0, 1, 2].map((seed) => contents().save(place, generated(9 * MIB, seed), 'image/png')),
    );
    expect(new Set(all.map(({ sha256 }) => sha256)).size).toBe(1);
    const [first] = all;
    expect(digest([await buffer(contents().read(first?.blob ?? ''))])).toBe(first?.sha256);
  });

  it('whose source breaks leave nothing behind, and the next attempt saves them', async () => {
    const place = newPlace();
    async function* broken() {
      yield* generated(9 * MIB);
      throw new Error('reset by peer');
    }
    await expect(contents().save(place, broken(), 'image/png')).rejects.toThrow('reset by peer');
    expect(await contents().find(place)).toBeUndefined();
    expect((await contents().save(place, generated(9 * MIB), 'image/png')).bytes).toBe(9 * MIB);
  });

  it('are saved and known as our own whichever answer was lost', async () => {
    for (let lost = 0; lost < 5; lost += 1) {
      await using faulty = await faultyStorage(account.connection);
      const place = newPlace();
      faulty.loseAnswerAfter(lost);
      const saved = await contentStore(faulty.storage).save(place, generated(9 * MIB), 'image/png');
      expect(await contents().find(place)).toEqual(saved);
    }
  });

  it('are never read from outside the folders of contents', async () => {
    const { requestId } = newPlace();
    for (const name of [`requests/${requestId}/record.json`, '../x', `requests/${requestId}/content/1-00/../x`]) {
      await expect(buffer(contents().read(name))).rejects.toThrow(TypeError);
    }
  });
});
