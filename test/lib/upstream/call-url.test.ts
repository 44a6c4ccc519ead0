import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillBase } from '../../../src/lib/catalog/catalog.ts';
import { customVision } from '../../../src/lib/catalog/custom-vision.ts';
import type { Target } from '../../../src/lib/domain/target.ts';
import { type Call, callUrl } from '../../../src/lib/upstream/call-url.ts';
import { keyTarget, pageThings, readThing } from './fixture.ts';

const wellFormed = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text !== '.' && text !== '..');

const urlOf = (target: Target, call: Call, paging: Record<string, string> = {}): string =>
  callUrl(fillBase(customVision, call.operation, target), call, paging);

describe('the URL of a call', () => {
  test('carries optional options only when the walk knows them, and paging wins', () => {
    const base = 'https://studio.cognitiveservices.azure.com/customvision/v3.3/training/things';
    expect(urlOf(keyTarget, { operation: pageThings, parameters: {} })).toBe(`${base}?orderBy=Oldest`);
    expect(
      urlOf(
        keyTarget,
        { operation: pageThings, parameters: { iterationId: 'i' }, query: { take: '1' } },
        { take: '3' },
      ),
    ).toBe(`${base}?orderBy=Oldest&iterationId=i&take=3`);
  });

  test('speaks the version of the target', () => {
    const old = { ...keyTarget, version: '3.0' as const };
    expect(urlOf(old, { operation: pageThings, parameters: {} })).toContain('/customvision/v3.0/training/');
  });

  test('keeps a parameter within its segment, whatever it is', () => {
    fc.assert(
      fc.property(wellFormed, (thingId) => {
        const url = new URL(urlOf(keyTarget, { operation: readThing, parameters: { thingId } }));
        expect(url.origin).toBe(keyTarget.endpoint);
        expect(url.search + url.hash).toBe('');
        const [empty, ...segments] = url.pathname.split('/');
        expect([empty, ...segments.slice(0, 4)]).toEqual(['', 'customvision', 'v3.3', 'training', 'things']);
        expect(segments.slice(4).map(decodeURIComponent)).toEqual([thingId]);
      }),
    );
  });

  test('keeps a query value within its option, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (iterationId, ids) => {
        const call = { operation: pageThings, parameters: { iterationId }, query: { ids } };
        const url = new URL(urlOf(keyTarget, call));
        expect([...url.searchParams]).toEqual([
          ['orderBy', 'Oldest'],
          ['iterationId', iterationId],
          ['ids', ids],
        ]);
        expect(url.hash).toBe('');
      }),
    );
  });

  test.each(['', '.', '..'])('is not made with %j for a parameter', (thingId) => {
    expect(() => urlOf(keyTarget, { operation: readThing, parameters: { thingId } })).toThrow('no usable value');
  });
});
