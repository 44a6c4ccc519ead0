import { describe, expect, it } from 'vitest';
import { holdStore } from '../../../src/lib/store/holds.ts';
import { useAzurite } from './support/azurite.ts';

const azurite = useAzurite();
const ORDER = {
  reason: 'litigation',
  actor: 'officer',
  at: '2026-03-01T12:00:00.000Z',
  reviewBy: '2026-06-01T00:00:00.000Z',
  allowExports: false,
};
const target = (key: string) => ({ scope: 'target' as const, key });
const LIFTED = { at: '2026-04-01T00:00:00.000Z', actor: 'officer', reason: 'settled' };

describe('Holds', () => {
  it('lie on their place until they are lifted, each by itself', async () => {
    const holds = holdStore(azurite.storage);
    const first = await holds.add(target('one'), ORDER);
    const second = await holds.add(target('one'), { ...ORDER, reason: 'audit' });
    expect(await holds.on([target('one'), target('two')])).toEqual([first, second]);
    expect(await holds.lift(first.id, LIFTED)).toEqual({ ...first, lifted: LIFTED });
    expect(await holds.on([target('one')])).toEqual([second]);
    expect((await holds.list({ limit: 10 })).holds).toContainEqual(second);
  });

  it('that are ordered or lifted again stay as they are; one that was lifted may be set once more', async () => {
    const holds = holdStore(azurite.storage);
    const [first, again] = await Promise.all([holds.add(target('three'), ORDER), holds.add(target('three'), ORDER)]);
    expect(again).toEqual(first);
    await holds.lift(first.id, LIFTED);
    const later = { ...LIFTED, at: '2026-05-01T00:00:00.000Z' };
    expect((await holds.lift(first.id, later))?.lifted).toEqual(LIFTED);
    const anew = await holds.add(target('three'), ORDER);
    expect(anew.id).not.toBe(first.id);
    expect(await holds.on([target('three')])).toEqual([anew]);
  });

  it('remember the last review that somebody was reminded of, as long as they lie', async () => {
    const holds = holdStore(azurite.storage);
    const { id } = await holds.add(target('four'), ORDER);
    expect([await holds.remind(id, ORDER.reviewBy), await holds.remind(id, ORDER.reviewBy)]).toEqual([true, false]);
    const later = '2026-06-08T00:00:00.000Z';
    expect(await holds.remind(id, later)).toBe(true);
    expect(await holds.on([target('four')])).toMatchObject([{ id, reminded: later }]);
    await holds.lift(id, LIFTED);
    expect(await holds.remind(id, '2026-06-15T00:00:00.000Z')).toBe(false);
    expect(await holds.remind('nonsense', later)).toBe(false);
  });

  it.each(['', 'nonsense', 'target.one', '../record.json', 'target.never.0123456789abcdef'])(
    'of an unknown id (%s) are none',
    async (id) => expect(await holdStore(azurite.storage).lift(id, LIFTED)).toBeUndefined(),
  );

  it('know a reference by a digest alone, the same in every process', async () => {
    const [one, two] = [holdStore(azurite.storage), holdStore(azurite.storage)];
    const [a, b] = await Promise.all([one.subjectKey('case-4711'), two.subjectKey('case-4711')]);
    expect(a).toBe(b);
    expect(a).toMatch(/^[0-9a-f]{64}$/);
    expect(await one.subjectKey('case-4712')).not.toBe(a);
    await one.add({ scope: 'subject', key: a }, ORDER);
    for await (const blob of azurite.storage.container.listBlobsFlat({ prefix: 'holds' })) {
      expect(blob.name).not.toContain('4711');
      const text = await azurite.storage.container.getBlobClient(blob.name).downloadToBuffer();
      expect(text.toString()).not.toContain('4711');
    }
  });
});
