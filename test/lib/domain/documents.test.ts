import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mintRequestId, mintTaskId, rootSliceId } from '../../../src/lib/domain/ids.ts';
import { NO_COUNTS } from '../../../src/lib/domain/ledger.ts';
import { canonicalJson, type Plan, planHash } from '../../../src/lib/domain/plan.ts';
import { submissionSchema } from '../../../src/lib/domain/request.ts';
import { nextSchema, openedRoundSchema, runInputSchema } from '../../../src/lib/domain/run.ts';
import { requestMessageSchema, sliceMessageSchema } from '../../../src/lib/domain/slice.ts';
import { targetsSchema } from '../../../src/lib/domain/target.ts';

/** The same value with the members of every object in the opposite order. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turned(member)]),
  );
}

const plan: Omit<Plan, 'hash'> = {
  v: 1,
  revision: 1,
  action: 'delete',
  dryRun: false,
  tasks: [
    {
      taskId: mintTaskId(1, 0),
      family: 'cv-tags',
      target: 'vision',
      stage: 2,
      way: 'call',
      counts: { ...NO_COUNTS, found: 2 },
      keysDigest: 'abc',
    },
  ],
  byHand: [{ target: 'vision', what: 'Account', sentence: 'By hand.' }],
};

describe('The hash of a plan', () => {
  it('is the same for equal values, however their members are ordered', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('rests on a text that is JSON of the very value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    ['the revision', { ...plan, revision: 2 }],
    ['the digest of the keys', { ...plan, tasks: plan.tasks.map((task) => ({ ...task, keysDigest: 'abd' })) }],
    ['a count', { ...plan, tasks: plan.tasks.map((task) => ({ ...task, counts: { ...task.counts, found: 3 } })) }],
    ['the target', { ...plan, tasks: plan.tasks.map((task) => ({ ...task, target: 'vision-2' })) }],
    ['what goes by hand', { ...plan, byHand: [] }],
  ])('changes with %s', (_, other) => expect(planHash(other)).not.toBe(planHash(plan)));
});

const submission = {
  action: 'export',
  subject: { reference: 'case-1' },
  targets: 'all',
  scope: 'target',
};

describe('A submission', () => {
  it('assumes nothing but that all families are meant and nothing is a dry run', () => {
    expect(submissionSchema.parse(submission)).toEqual({ ...submission, families: 'all', dryRun: false });
  });

  it.each([
    ['no targets', { ...submission, targets: undefined }],
    ['an empty list of targets', { ...submission, targets: [] }],
    ['a target twice', { ...submission, targets: ['a', 'a'] }],
    ['a target that is a path', { ...submission, targets: ['../a'] }],
    ['no scope', { ...submission, scope: undefined }],
    ['another scope', { ...submission, scope: 'subject' }],
    ['a member that nobody knows', { ...submission, force: true }],
    ['a subject without a reference', { ...submission, subject: { email: 'a@example.com' } }],
    ['a mail address that is none', { ...submission, subject: { reference: 'a', email: 'nobody' } }],
  ])('with %s is refused', (_, body) => expect(submissionSchema.safeParse(body).success).toBe(false));
});

describe('What crosses a durable or a queue’s border', () => {
  const requestId = mintRequestId();

  it('carries ids and nothing besides', () => {
    const slice = { v: 1, requestId, run: 1, taskId: '1-00', sliceId: rootSliceId('erase') };
    expect(sliceMessageSchema.parse(slice)).toEqual(slice);
    expect(sliceMessageSchema.safeParse({ ...slice, cursor: '5' }).success).toBe(false);
    expect(requestMessageSchema.safeParse({ v: 1, requestId, email: 'a@example.com' }).success).toBe(false);
  });

  it.each([
    [runInputSchema, { requestId: 'a person', run: 1 }],
    [runInputSchema, { requestId, run: 0 }],
    [nextSchema, { kind: 'tasks', phase: 'walk', stage: 0, taskIds: [] }],
    [nextSchema, { kind: 'again' }],
    [openedRoundSchema, { kind: 'waiting', sliceIds: [], waitSeconds: 0 }],
    [openedRoundSchema, { kind: 'waiting', sliceIds: ['../x'], waitSeconds: 1 }],
  ])('is decoded again and refused when it is something else (%#)', (schema, value) =>
    expect(schema.safeParse(value).success).toBe(false),
  );
});

const target = {
  kind: 'custom-vision',
  name: 'vision',
  endpoint: 'https://vision.cognitiveservices.azure.com/',
  signIn: { kind: 'entra' },
};

describe('The map of targets', () => {
  it('takes a target by its endpoint, whose closing slashes play no part', () => {
    const [parsed] = targetsSchema.parse({ targets: [target] }).targets;
    expect(parsed).toMatchObject({ endpoint: 'https://vision.cognitiveservices.azure.com', version: '3.3' });
  });

  it.each([
    ['two targets of one name', [target, target]],
    ['no target', []],
    ['an endpoint without TLS', [{ ...target, endpoint: 'http://vision.cognitiveservices.azure.com' }]],
    ['a name that is a path', [{ ...target, name: '../vision' }]],
    ['a key instead of the name of its setting', [{ ...target, signIn: { kind: 'key', key: 'abc' } }]],
    ['a version that nobody transcribed', [{ ...target, version: '3.4' }]],
  ])('refuses %s', (_, targets) => expect(targetsSchema.safeParse({ targets }).success).toBe(false));
});
