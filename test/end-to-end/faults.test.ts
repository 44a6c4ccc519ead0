import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FaultRule } from '../../local/simulator/faults/rules.ts';
import { expectQueuesEmpty, outcomesOf } from './support/account.ts';
import { accountOf, erase } from './support/erasure.ts';
import { ERASED, keysOf } from './support/expected.ts';
import { expectWhole, wholeOf } from './support/exported.ts';
import { openPackage } from './support/package.ts';
import { type Stage, startStage } from './support/stage.ts';
import { hostOf } from './support/targets.ts';

// Seconds alone on a machine; minutes where it has much else to do.
vi.setConfig({ testTimeout: 330_000 });

type Rule = Omit<FaultRule, 'match'> & { readonly match?: FaultRule['match'] };

interface Row {
  readonly name: string;
  /** Calls to the resource that go wrong; all of them unless the rule says which. */
  readonly rule: Rule;
  /** An erasure reads like an export: what concerns reading alone is not tried there once more. */
  readonly onlyExport?: boolean;
  /** Of pages: a resource with more than one page of images. */
  readonly images?: number;
}

const cutBody = (declared: 'full' | 'cut') => ({ kind: 'truncatedBody', afterBytes: 20, declared }) as const;

/** What passes: the request ends as if nothing had happened. */
const passing: readonly Row[] = [
  { name: 'throttled-told', rule: { fault: { kind: 'throttled', retryAfterSeconds: 1 }, everyNth: 7, times: 6 } },
  { name: 'throttled', onlyExport: true, rule: { fault: { kind: 'throttled' }, everyNth: 6, times: 8 } },
  { name: 'error-500', rule: { fault: { kind: 'status', status: 500 }, everyNth: 6, times: 8 } },
  {
    name: 'error-503',
    onlyExport: true,
    rule: { fault: { kind: 'status', status: 503, retryAfterSeconds: 1 }, everyNth: 9, times: 4 },
  },
  { name: 'reset', rule: { fault: { kind: 'resetBeforeAnswer' }, everyNth: 6, times: 8 } },
  { name: 'reset-after', rule: { fault: { kind: 'resetAfterEffect' }, everyNth: 5, times: 10 } },
  {
    name: 'reset-body',
    onlyExport: true,
    rule: { fault: { kind: 'resetMidBody', afterBytes: 20 }, everyNth: 5, times: 8 },
  },
  { name: 'cut', rule: { fault: cutBody('full'), match: { method: 'GET' }, everyNth: 9, times: 3 } },
  {
    name: 'cut-short',
    onlyExport: true,
    rule: { fault: cutBody('cut'), match: { method: 'GET' }, everyNth: 8, times: 3 },
  },
  {
    name: 'drip',
    onlyExport: true,
    rule: { fault: { kind: 'slowDrip', chunkBytes: 400, pauseMilliseconds: 20 }, everyNth: 4, times: 6 },
  },
  { name: 'html', rule: { fault: { kind: 'htmlInsteadOfJson' }, match: { method: 'GET' }, everyNth: 6, times: 8 } },
  {
    name: 'malformed',
    onlyExport: true,
    rule: { fault: { kind: 'malformedJson' }, match: { method: 'GET' }, everyNth: 6, times: 8 },
  },
  {
    name: 'empty-page',
    rule: { fault: { kind: 'emptyPageThatIsNotTheLast' }, match: { operation: 'GetTaggedImages' }, times: 2 },
    images: 300,
  },
  {
    name: 'page-twice',
    rule: { fault: { kind: 'pageServedTwice' }, match: { operation: 'GetTaggedImages' }, times: 1 },
    images: 300,
  },
];

/** What passes and concerns the bytes of images alone. */
const bytes: readonly Row[] = [
  { name: 'bytes-reset', rule: { fault: { kind: 'resetMidBody', afterBytes: 300 }, everyNth: 2, times: 8 } },
  {
    name: 'bytes-cut',
    rule: { fault: { kind: 'truncatedBody', afterBytes: 300, declared: 'full' }, everyNth: 2, times: 6 },
  },
  { name: 'bytes-drip', rule: { fault: { kind: 'slowDrip', chunkBytes: 500, pauseMilliseconds: 10 }, times: 6 } },
  { name: 'bytes-500', rule: { fault: { kind: 'status', status: 500 }, everyNth: 3, times: 5 } },
];

/** What passes and concerns deletions alone. */
const deletions: readonly Row[] = [
  {
    name: 'not-done-yet',
    rule: { fault: { kind: 'answeredButNotDone', afterCalls: 6 }, match: { method: 'DELETE' }, everyNth: 2 },
  },
  {
    name: 'unpublished-late',
    rule: {
      fault: { kind: 'answeredButNotDone', afterMilliseconds: 1500 },
      match: { operation: 'UnpublishIteration' },
      times: 1,
    },
  },
  {
    name: 'unpublished-unseen',
    rule: { fault: { kind: 'resetAfterEffect' }, match: { operation: 'UnpublishIteration' }, times: 1 },
  },
  {
    name: 'refused-a-while',
    rule: { fault: { kind: 'deleteRefusedForAWhile' }, match: { operation: 'DeleteTag' }, times: 1 },
  },
];

let stage: Stage;
beforeAll(async () => {
  const sized = (images?: number) =>
    images === undefined ? {} : { projects: [{ taggedImages: images, imageBytes: 80 }] };
  const both = passing.flatMap((row) => [{ ...row, name: `${row.name}-x` }, row]);
  const lasting = ['never', 'no-bytes', 'locked'].map((name) => ({ name }));
  stage = await startStage({
    targets: [...[...both, ...bytes, ...deletions].map(({ name, images }) => ({ name, ...sized(images) })), ...lasting],
    settings: { DSR_PATIENCE_SECONDS: '25', DSR_PROOF_SECONDS: '15' },
  });
});
afterAll(() => stage?.stop());

/** Arms a rule on the resource. Bytes come from a host that all share. */
function arm(name: string, { match, ...rule }: Rule): void {
  stage.simulator.faults.add({ ...rule, match: { host: hostOf(name), ...match } });
}

/** Arms a rule on the original bytes of the resource's training images. */
function armBytes(name: string, rule: Rule): void {
  const projects = [...stage.resource(name).projects.keys()].map((id) => id.replaceAll('-', ''));
  stage.simulator.faults.add({ ...rule, match: { pathPattern: `^/i-(${projects.join('|')})/o-` } });
}

const harmed = (name: string): number =>
  stage.simulator.faults
    .list()
    .filter(({ rule }) => rule.match.host === hostOf(name))
    .reduce((sum, state) => sum + state.harmed, 0);

describe('a passing fault', () => {
  test.concurrent.each(passing)('$name leaves an export whole', async ({ name: row, rule }) => {
    const name = `${row}-x`;
    arm(name, rule);
    const whole = wholeOf(stage, stage.resource(name));
    const id = await stage.portal.begin({ action: 'export', targets: [name] });
    await expectWhole(stage, id, whole);
    expect(harmed(name)).toBeGreaterThan(0);
  });

  test.concurrent.each([...passing.filter(({ onlyExport }) => !onlyExport), ...deletions])(
    '$name leaves an erasure whole',
    async ({ name, rule }) => {
      arm(name, rule);
      const keys = keysOf(stage.resource(name));
      const { view, ledgers } = await erase(stage, name);
      expect(view, JSON.stringify(view)).toMatchObject({ state: 'completed' });
      expect(stage.resource(name).projects.size).toBe(0);
      for (const family of ERASED) {
        const items = outcomesOf(ledgers, family);
        expect([...items.keys()].sort()).toEqual(keys[family]);
        for (const [key, { outcome }] of items) expect(outcome, key).toBe('erased');
      }
      expect(harmed(name)).toBeGreaterThan(0);
    },
  );
});

describe('a fault of the host with the bytes', () => {
  test.concurrent.each(bytes)('$name leaves an export whole', async ({ name, rule }) => {
    armBytes(name, rule);
    const whole = wholeOf(stage, stage.resource(name));
    const id = await stage.portal.begin({ action: 'export', targets: [name] });
    await expectWhole(stage, id, whole);
  });

  test.concurrent('bytes that never come make their images refused, and the export partial', async () => {
    armBytes('no-bytes', { fault: { kind: 'status', status: 500 } });
    const id = await stage.portal.begin({ action: 'export', targets: ['no-bytes'] });
    const { view, ledgers } = await accountOf(stage, id);
    expect(view.state).toBe('partially-completed');
    for (const { family, items } of ledgers) {
      for (const { key, outcome, reason } of items) {
        if (family === 'cv-images')
          expect({ outcome, reason }, key).toEqual({ outcome: 'refused', reason: 'Download: 500 500' });
        else expect(outcome, key).toBe(family === 'cv-account' ? 'absent' : 'saved');
      }
    }
    expect((await openPackage(stage, id)).outcomes.size).toBe(ledgers.flatMap(({ items }) => items).length);
  });
});

describe('a lasting fault', () => {
  test.concurrent('a deletion that is answered and never happens is refused, and what holds it is kept or refused', async () => {
    arm('never', { match: { operation: 'DeleteTag' }, fault: { kind: 'answeredButNotDone' } });
    const { view, ledgers, receipt } = await erase(stage, 'never');
    expect(view.state).toBe('partially-completed');
    const left = keysOf(stage.resource('never'));
    expect(left['cv-tags']?.length).toBeGreaterThan(0);
    for (const family of ERASED) {
      for (const [key, { outcome }] of outcomesOf(ledgers, family)) {
        expect(outcome, key).toBe(left[family]?.includes(key) ? 'refused' : 'erased');
      }
    }
    expect(receipt.totals.refused).toBe((left['cv-tags']?.length ?? 0) + 1);
  });

  test.concurrent('a deletion that is always refused is reported with its reason', async () => {
    arm('locked', {
      match: { operation: 'DeleteTag' },
      fault: { kind: 'deleteRefusedForAWhile', status: 403, code: 'Forbidden' },
    });
    const { view, receipt } = await erase(stage, 'locked');
    expect(view.state).toBe('partially-completed');
    const tags = receipt.revisions[0]?.tasks.find(({ family }) => family === 'cv-tags');
    expect(tags?.grounds.refused?.[0]).toMatchObject({ ground: 'DeleteTag: 403 Forbidden', items: 3 });
    expect(keysOf(stage.resource('locked'))['cv-tags']).toHaveLength(3);
  });
});

test('nothing is left behind: no message, no answer against the specifications', async () => {
  await expectQueuesEmpty(stage);
  expect(stage.findings).toEqual([]);
});
