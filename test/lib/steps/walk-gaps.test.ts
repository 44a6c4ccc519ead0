import { describe, expect, it } from 'vitest';
import type { FaultRule } from '../../../local/simulator/faults/rules.ts';
import type { Project } from '../../../local/simulator/world/model.ts';
import type { GapLine } from '../../../src/lib/domain/ledger.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { openStage, type Stage } from './support/stage.ts';
import { inPages, type Walked, walkAll } from './support/walking.ts';
import { keysIn } from './support/world-keys.ts';

const azurite = useAzurite();
const world = { resources: [{ projects: 2 }] };
const pages = { take: 2, size: 2 };
const open = (limits: Partial<Stage['deps']['limits']> = {}) => openStage(azurite.storage, { world, limits });

const gapsOf = (walked: Walked): GapLine[] => walked.lines.filter((line) => line.line === 'gap');
const found = (walked: Walked): string[] =>
  walked.lines.flatMap((line) => (line.line === 'found' ? [line.key] : [])).sort();

describe('What a walk can’t read', () => {
  it('is one gap for each place, and the rest of the world is read all the same', async () => {
    await using stage = await open();
    const [first] = stage.resource.projects.keys();
    stage.simulator.faults.add({
      match: { operation: 'GetTags', pathPattern: String(first) },
      fault: { kind: 'status', status: 403 },
    });
    const walked = await walkAll(stage, { family: inPages('cv-tags', pages), purpose: 'inventory' });
    expect(gapsOf(walked)).toHaveLength(1);
    expect(gapsOf(walked)[0]?.reason).toMatch(/403/);
    expect(found(walked)).toEqual(keysIn(stage.resource, 'cv-tags').filter((key) => !key.includes(String(first))));
  });

  it('is named by its operation, never by a cursor: that may be a whole address of upstream’s', async () => {
    await using stage = await open();
    const refused = {
      match: { operation: 'GetTaggedImages' },
      fault: { kind: 'status', status: 403 },
      after: 1,
    } as const;
    stage.simulator.faults.add(refused);
    const walked = await walkAll(stage, { family: inPages('cv-images', pages), purpose: 'inventory' });
    expect(gapsOf(walked).map(({ place }) => place)).toContain('cv-images: GetTaggedImages from a later page on');
  });

  it('is a gap when the list at the root of a target does not exist, not an empty account', async () => {
    await using stage = await open();
    stage.simulator.faults.add({ match: { operation: 'GetProjects' }, fault: { kind: 'status', status: 404 } });
    for (const family of ['cv-projects', 'cv-tags', 'cv-images']) {
      const walked = await walkAll(stage, { family: inPages(family, pages), purpose: 'inventory' });
      expect({ family, gaps: gapsOf(walked).length, found: found(walked) }).toEqual({ family, gaps: 1, found: [] });
    }
  });

  it.each([
    ['refuses to', { kind: 'status', status: 403 }, /GetTaggedImages.*403/],
    ['has no way to', { kind: 'status', status: 404 }, /GetTaggedImages.* GetTaggedImageCount answered 404: nothing/],
    ['answers something else to', { kind: 'answerWith', json: { count: 2 } }, /GetTaggedImages.* something else/],
  ] as const)('is a gap when upstream %s count a list: nothing confirms that it was whole', async (...row) => {
    const [, fault, said] = row;
    await using stage = await open();
    stage.simulator.faults.add({ match: { operation: 'GetTaggedImageCount' }, fault });
    const walked = await walkAll(stage, { family: inPages('cv-images', pages), purpose: 'inventory' });
    expect(gapsOf(walked).length).toBeGreaterThan(0);
    for (const { place, reason } of gapsOf(walked)) expect(`${place} ${reason}`).toMatch(said);
  });

  it('is no gap when a parent vanished on the way: its children went with it', async () => {
    await using stage = await open();
    const [first] = stage.resource.projects.keys();
    const pathPattern = `/projects/${first}`;
    stage.simulator.faults.add({ match: { pathPattern }, fault: { kind: 'status', status: 404 } });
    for (const family of ['cv-tags', 'cv-images']) {
      const walked = await walkAll(stage, { family: inPages(family, pages), purpose: 'inventory' });
      expect(gapsOf(walked)).toEqual([]);
      expect(found(walked)).toEqual(keysIn(stage.resource, family).filter((key) => !key.includes(String(first))));
    }
  });

  it('is a gap when a list answers 404 though its parent is there, or though nothing can be asked for there', async () => {
    await using stage = await open();
    stage.simulator.faults.add({ match: { operation: 'GetTags' }, fault: { kind: 'status', status: 404 } });
    const walked = await walkAll(stage, { family: inPages('cv-tags', pages), purpose: 'inventory' });
    expect(gapsOf(walked).map(({ reason }) => reason)).toEqual(
      Array(2).fill('GetTags answered 404 though its project is there.'),
    );
    stage.simulator.faults.add({ match: { operation: 'GetProject' }, fault: { kind: 'status', status: 403 } });
    const unasked = await walkAll(stage, { family: inPages('cv-tags', pages), purpose: 'inventory' });
    expect(gapsOf(unasked).map(({ reason }) => reason)).toEqual(
      Array(2).fill(expect.stringMatching(/GetProject.*403/)),
    );
  });

  it('is a gap when the lists on the way vanish too: a 404 all the way up is a wrong address', async () => {
    await using stage = await open();
    stage.simulator.faults.add({
      match: { pathPattern: '/projects' },
      after: 1,
      fault: { kind: 'status', status: 404 },
    });
    const walked = await walkAll(stage, { family: inPages('cv-tags', pages), purpose: 'inventory' });
    expect(gapsOf(walked).map(({ reason }) => reason)).toEqual(Array(2).fill('The list does not exist.'));
  });

  it('is waited for until patience is over, then it alone is a gap, with upstream’s own reason', async () => {
    await using stage = await open({ patienceSeconds: 100, pauseSeconds: 10 });
    const began = stage.clock.now();
    stage.simulator.faults.add({
      match: { operation: 'GetUntaggedImages' },
      fault: { kind: 'throttled', retryAfterSeconds: 30 },
    });
    const walked = await walkAll(stage, { family: inPages('cv-images', pages), purpose: 'inventory' });
    expect(walked.waits).toBeGreaterThan(1);
    expect(gapsOf(walked).length).toBeGreaterThan(0);
    for (const { reason } of gapsOf(walked)) expect(reason).toMatch(/later/);
    expect((stage.clock.now().getTime() - began.getTime()) / 1000).toBeGreaterThanOrEqual(100);
    const tagged = new Set([...stage.resource.projects.values()].flatMap(taggedIn));
    expect(gapsOf(walked).every(({ place }) => place.startsWith('cv-images: GetUntaggedImages'))).toBe(true);
    expect(
      found(walked)
        .map((key) => key.slice(-36))
        .sort(),
    ).toEqual([...tagged].sort());
  });

  it('is told of an element without an identity once, however often its page is read again', async () => {
    await using stage = await open({ sliceItems: 1, sliceDownloads: 1 });
    const answer = [{ status: 'New' }, { id: 'a', status: 'New' }, { id: '..' }, { id: 'b', status: 'New' }, {}];
    stage.simulator.faults.add({
      match: { operation: 'GetIterations' },
      fault: { kind: 'answerWith', json: answer },
    });
    const walked = await walkAll(stage, { family: inPages('cv-iterations', pages), purpose: 'export' });
    expect(walked.slices.length).toBeGreaterThan(2);
    const items = walked.lines.filter(({ line }) => line === 'item');
    expect({ items: items.length, gaps: gapsOf(walked).length }).toEqual({ items: 2 * 2, gaps: 3 * 2 });
  });

  it('begins nothing when the request is to come to its end: every place is a gap with that ground', async () => {
    await using stage = await open();
    const settling = 'The request was cancelled before this was done.';
    const walked = await walkAll(stage, {
      family: inPages('cv-images', pages),
      purpose: 'export',
      change: { settling },
    });
    expect(gapsOf(walked)).toEqual([{ line: 'gap', place: 'cv-images: GetProjects from the start', reason: settling }]);
    expect(stage.simulator.calls.total).toBe(0);
  });
});

const taggedIn = ({ workspace, iterations }: Project): string[] =>
  [workspace, ...[...iterations.values()].map(({ trainingSet }) => trainingSet)].flatMap(({ images }) =>
    [...images.values()].flatMap(({ id, tagIds }) => (tagIds.length > 0 ? [id] : [])),
  );

const unanswered: [string, FaultRule, RegExp][] = [
  [
    'says no to',
    { match: { host: 'irisprodsim.blob.core.windows.net' }, fault: { kind: 'status', status: 403 } },
    /403/,
  ],
  [
    'doesn’t have (404), while the document is there,',
    { match: { host: 'irisprodsim.blob.core.windows.net' }, fault: { kind: 'status', status: 404 } },
    /answered 404/,
  ],
  [
    'keeps putting off',
    {
      match: { host: 'irisprodsim.blob.core.windows.net' },
      fault: { kind: 'status', status: 503, retryAfterSeconds: 30 },
    },
    /503/,
  ],
];

describe('Bytes that upstream', () => {
  it.each(unanswered)('%s make the item refused, its document is exported and the walk goes on', async (...row) => {
    const [, rule, reason] = row;
    await using stage = await open({ patienceSeconds: 60, pauseSeconds: 20 });
    stage.simulator.faults.add(rule);
    const walked = await walkAll(stage, { family: inPages('cv-images', pages), purpose: 'export' });
    const items = walked.lines.filter((line) => line.line === 'item');
    expect(items.map(({ key }) => key).sort()).toEqual(keysIn(stage.resource, 'cv-images'));
    for (const item of items) {
      expect(item.outcome).toBe('refused');
      expect(item.reason).toMatch(reason);
    }
    expect(gapsOf(walked)).toEqual([]);
  });
});
