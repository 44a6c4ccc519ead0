import { describe, expect, it } from 'vitest';
import { childSliceId, rootSliceId } from '../../../src/lib/domain/ids.ts';
import { NO_COUNTS } from '../../../src/lib/domain/ledger.ts';
import type { ChildSlice } from '../../../src/lib/domain/slice.ts';
import { sliceStore } from '../../../src/lib/store/slices.ts';
import { useAzurite } from './support/azurite.ts';
import { faultyStorage } from './support/faulty-storage.ts';
import { found, headerOf, newTask } from './support/slices.ts';

const account = useAzurite();
const slices = () => sliceStore(account.storage);
const root = rootSliceId('walk');
const child = (place: number, change: Partial<ChildSlice> = {}): ChildSlice => ({
  sliceId: childSliceId('walk', root, place),
  work: { kind: 'walk', purpose: 'inventory', frontier: [{ step: place, parameters: { id: 'ä' }, offset: 0 }] },
  ...change,
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('an open slice', () => {
  it('keeps work and facts, and opening it again changes neither', async () => {
    const task = newTask();
    const first = child(1, { notBefore: '2026-01-05T10:00:00Z' });
    const ref = { ...task, sliceId: first.sliceId };
    await slices().open(task.requestId, task.taskId, first);
    const opened = await slices().readOpen(ref);
    expect(opened).toMatchObject({ work: first.work, facts: { attempts: 0, notBefore: '2026-01-05T10:00:00Z' } });
    const facts = { attempts: 1, startedAt: '2026-01-05T11:00:00Z', marked: true };
    const etag = await slices().note(ref, facts, opened?.etag ?? '');
    await slices().open(task.requestId, task.taskId, first);
    expect(await slices().readOpen(ref)).toEqual({ work: first.work, facts, etag });
  });

  it('takes a note of only one of two who read the same version', async () => {
    const task = newTask();
    const ref = { ...task, sliceId: child(1).sliceId };
    await slices().open(task.requestId, task.taskId, child(1));
    const { etag = '' } = (await slices().readOpen(ref)) ?? {};
    const noted = await Promise.all([1, 2, 3].map((attempts) => slices().note(ref, { attempts }, etag)));
    expect(noted.filter((answer) => answer !== undefined)).toHaveLength(1);
    expect((await slices().readOpen(ref))?.facts.attempts).toBe(noted.findIndex(Boolean) + 1);
  });

  it('knows its own note though the answer was lost', async () => {
    await using faulty = await faultyStorage(account.connection);
    const task = newTask();
    const ref = { ...task, sliceId: child(1).sliceId };
    await slices().open(task.requestId, task.taskId, child(1));
    const { etag = '' } = (await slices().readOpen(ref)) ?? {};
    faulty.loseAnswerAfter(0);
    const noted = await sliceStore(faulty.storage).note(ref, { attempts: 1 }, etag);
    expect(await slices().readOpen(ref)).toMatchObject({ etag: noted, facts: { attempts: 1 } });
  });

  it('can be closed twice, and takes no note afterwards', async () => {
    const task = newTask();
    const ref = { ...task, sliceId: child(1).sliceId };
    await slices().open(task.requestId, task.taskId, child(1));
    const { etag = '' } = (await slices().readOpen(ref)) ?? {};
    await slices().close(ref);
    await slices().close(ref);
    expect(await slices().readOpen(ref)).toBeUndefined();
    expect(await slices().note(ref, { attempts: 1 }, etag)).toBeUndefined();
  });

  it('is listed with its facts, up to the limit, saying whether there are more', async () => {
    const task = newTask();
    const children = [1, 2, 3].map((place) => child(place, { notBefore: `2026-01-0${place}T00:00:00Z` }));
    for (const each of children) await slices().open(task.requestId, task.taskId, each);
    const expected = children
      .map(({ sliceId, notBefore }) => ({ sliceId, facts: { attempts: 0, notBefore } }))
      .toSorted((a, b) => (a.sliceId < b.sliceId ? -1 : 1));
    expect(await slices().listOpen(task.requestId, task.taskId, 3)).toEqual({ slices: expected, more: false });
    expect(await slices().listOpen(task.requestId, task.taskId, 2)).toEqual({
      slices: expected.slice(0, 2),
      more: true,
    });
    expect(await slices().listOpen(newTask().requestId, task.taskId, 2)).toEqual({ slices: [], more: false });
  });
});

describe('the result of a slice', () => {
  it('is committed by one of several attempts, and is whole', async () => {
    const ref = { ...newTask(), sliceId: root };
    const attempts = ['a', 'b', 'c'].map((name) => [found(`${name}1`), found(`${name}2`)]);
    const outcomes = await Promise.all(attempts.map((lines) => slices().commit(ref, headerOf(root, lines), lines)));
    expect(outcomes.toSorted()).toEqual(['committed', 'lost', 'lost']);
    const winner = attempts[outcomes.indexOf('committed')] ?? [];
    expect(await collect(slices().lines(ref))).toEqual(winner);
    expect(await slices().readHeader(ref)).toEqual(headerOf(root, winner));
  });

  it('gives its header alone though it has more children than the first read takes', async () => {
    const ref = { ...newTask(), sliceId: root };
    const lines = [found('a key')];
    const header = headerOf(root, lines, { children: Array.from({ length: 1000 }, (_, place) => child(place)) });
    expect(JSON.stringify(header).length).toBeGreaterThan(2 * 64 * 1024);
    await slices().commit(ref, header, lines);
    expect(await slices().readHeader(ref)).toEqual(header);
    expect(await collect(slices().lines(ref))).toEqual(lines);
  });

  it('larger than one operation takes goes in blocks and comes back line by line', async () => {
    const ref = { ...newTask(), sliceId: root };
    const document = 'x'.repeat(100_000);
    const line = (index: number) => ({ line: 'document' as const, key: String(index), document });
    async function* lines() {
      for (let index = 0; index < 100; index += 1) yield line(index);
    }
    const header = headerOf(
      root,
      Array.from({ length: 100 }, (_, index) => line(index)),
    );
    expect(await slices().commit(ref, header, lines())).toBe('committed');
    let expected = 0;
    for await (const read of slices().lines(ref)) {
      expect(read).toEqual(line(expected));
      expected += 1;
    }
    expect(expected).toBe(100);
    expect(await slices().readHeader(ref)).toEqual(header);
    expect(await slices().commit(ref, header, lines())).toBe('lost');
  });

  it('that is not there has neither header nor lines', async () => {
    const ref = { ...newTask(), sliceId: root };
    expect(await slices().readHeader(ref)).toBeUndefined();
    expect(await collect(slices().lines(ref))).toEqual([]);
  });

  it('that was cut off is reported as unreadable, by name only', async () => {
    const ref = { ...newTask(), sliceId: root };
    const name = `requests/${ref.requestId}/tasks/${ref.taskId}/done/${root}.ndjson`;
    const content = `${JSON.stringify(headerOf(root, []))}\n{"line":"found","key":"person`;
    await account.storage.container.getBlockBlobClient(name).upload(content, content.length);
    await expect(collect(slices().lines(ref))).rejects.toMatchObject({ name: 'UnreadableBlob', blob: name });
    await expect(slices().readHeader(ref)).rejects.toMatchObject({ name: 'UnreadableBlob', blob: name });
  });

  it('is listed and summed by phase, page by page', async () => {
    const task = newTask();
    const walked = [1, 2, 3].map((place) => childSliceId('walk', root, place)).toSorted();
    for (const sliceId of walked) {
      await slices().commit({ ...task, sliceId }, headerOf(sliceId, [found(sliceId)]), [found(sliceId)]);
    }
    const erase = rootSliceId('erase');
    await slices().commit(
      { ...task, sliceId: erase },
      headerOf(erase, [], { counts: { ...NO_COUNTS, erased: 7 } }),
      [],
    );
    const first = await slices().listDone(task, 'walk', { limit: 2 });
    const second = await slices().listDone(task, 'walk', { limit: 2, marker: first.marker });
    expect(second.marker).toBeUndefined();
    const counts = { ...NO_COUNTS, found: 1 };
    const listed = [...first.slices, ...second.slices];
    expect(listed).toMatchObject(walked.map((sliceId) => ({ sliceId, counts })));
    for (const { sliceId, sha256 } of listed) {
      expect(await slices().digest({ ...task, sliceId })).toMatchObject({ sha256 });
    }
    expect(await slices().sumDone(task.requestId, task.taskId, 'walk')).toEqual({ ...NO_COUNTS, found: 3 });
    expect(await slices().sumDone(task.requestId, task.taskId)).toEqual({ ...NO_COUNTS, found: 3, erased: 7 });
  });
});
