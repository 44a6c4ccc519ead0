import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childSliceId, rootSliceId } from '../../../src/lib/domain/ids.ts';
import { addCounts, countLine, NO_COUNTS, type ResultLine } from '../../../src/lib/domain/ledger.ts';
import { documentMarkup } from '../../../src/lib/steps/report/fields.ts';
import { escaped, html, startOf } from '../../../src/lib/steps/report/markup.ts';
import { pageText } from '../../../src/lib/steps/report/page.ts';
import { pagesOf } from '../../../src/lib/steps/report/pages.ts';
import { labelText, manyText, momentText, sizeText } from '../../../src/lib/steps/report/words.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '\u202E', '\0', '\uD83D', '\uDE00', 'a', '\n') }),
);

/** What a browser makes of escaped text. */
const unescaped = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name) => new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })).get(name) ?? '',
  );

describe('text in the report', () => {
  test('is never markup, whatever it is, and holds nothing that is not seen', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const safe = escaped(text);
        expect(safe).not.toMatch(/[<>"']/);
        expect(safe).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200E\u200F]/);
        expect(safe).not.toMatch(/(?![\n\t])\p{Cc}/u);
        expect(safe.isWellFormed()).toBe(true);
        expect(html`<p title="${text}">${text}</p>`.text).toBe(`<p title="${safe}">${safe}</p>`);
      }),
    );
  });

  test('reads as it was where all of it can be seen', () => {
    const visible = anyText.filter((text) => !/[\p{C}\p{Z}]/u.test(text));
    fc.assert(fc.property(visible, (text) => void expect(unescaped(escaped(text))).toBe(text)));
    expect(escaped('👩‍👩‍👧 שלום\tä\n')).toBe('👩‍👩‍👧 שלום\tä\n');
    expect(escaped('a\u202Eb\u0000')).toBe('a[U+202E]b[U+0000]');
  });

  test('is cut between characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, most) => {
        const start = startOf(text, most);
        expect(text.startsWith(start)).toBe(true);
        expect(start.isWellFormed()).toBe(true);
        expect(start.length).toBeLessThanOrEqual(Math.max(most, 0));
        expect(start.length).toBeGreaterThanOrEqual(Math.min(text.length, most) - 1);
      }),
    );
  });
});

describe('words of the report', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [57_949, '57.9 kB'],
    [123_456_789, '123 MB'],
    [4 * 1024 ** 3, '4.3 GB'],
    [3e18, '3000000 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text));

  test.each([
    ['2025-03-01T08:15:00.1234567Z', '2025-03-01 08:15 UTC'],
    ['2025-03-01T08:15Z', '2025-03-01 08:15 UTC'],
    ['2025-03-01T08:15:00', undefined],
    ['0001-01-01', undefined],
  ])('%s is the moment %s', (text, moment) => expect(momentText(text)).toBe(moment));

  test.each([
    ['lastModified', 'Last modified'],
    ['CreatedBy', 'Created by'],
    ['odd näme', 'odd näme'],
  ])('%s is labelled %s', (name, label) => expect(labelText(name)).toBe(label));

  test('items are counted as people do', () => {
    expect([0, 1, 1200].map((count) => manyText(count, 'item'))).toEqual(['0 items', '1 item', '1,200 items']);
  });
});

describe('a document in the report', () => {
  test('shows what says something to a person, and all of it below', () => {
    const { text } = documentMarkup(
      {
        id: 'i1',
        name: 'Trees',
        projectId: 'p1',
        thumbnailUri: 'https://h/?sig=<masked>',
        description: null,
        empty: '',
        isNew: false,
        imageCount: 3,
        tags: [{ tagId: 't', tagName: 'Oak' }, { tagId: 'u' }],
        settings: { domainId: 'd', kind: 'Multilabel' },
      },
      'documents-0001.ndjson',
    );
    const fields = [...text.matchAll(/<dt><bdi>(.*?)<\/bdi><\/dt><dd><bdi>(.*?)<\/bdi><\/dd>/gs)].map(
      ([, ...pair]) => pair,
    );
    expect(fields).toEqual([
      ['Name', 'Trees'],
      ['Is new', 'no'],
      ['Image count', '3'],
      ['Tags', 'Oak, and 1 more'],
      ['Settings', 'kind: Multilabel'],
    ]);
    expect(text).toContain('&quot;thumbnailUri&quot;: &quot;https://h/?sig=&lt;masked&gt;&quot;');
  });

  test('is bounded, however large it is, and says where all of it stands', () => {
    const large = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`member ${index}`, 'x'.repeat(5000)]));
    const { text } = documentMarkup(large, 'documents-0007.ndjson');
    expect(text.length).toBeLessThan(70_000);
    expect(text).toContain('<a href="documents-0007.ndjson">');
  });

  test('may be any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { text } = documentMarkup(value, 'd');
        const tags = new Set(text.match(/<[^>]*>/g));
        for (const tag of tags) expect(tag).toMatch(/^<\/?(?:dl|dt|dd|bdi|details|summary|pre)(?: class="facts")?>$/);
      }),
    );
  });
});

const owner = { target: 'vision', family: 'cv-images' };
const sliceId = childSliceId('export', rootSliceId('export'), 0);

async function pagesOver(lines: readonly ResultLine[]): Promise<string[]> {
  const counts = lines.reduce((sum, line) => addCounts(sum, countLine(line)), NO_COUNTS);
  const result = { sliceId, counts, before: 3, pagesBefore: 5, isLast: true };
  const pages: string[] = [];
  for (let part = 0; part < pagesOf(counts); part += 1) {
    pages.push([...pageText({ task: owner, result, part }, lines)].join(''));
  }
  return pages;
}

const keysIn = (page: string): string[] => [...page.matchAll(/Key: <bdi>(.*?)<\/bdi>/g)].map(([, key = '']) => key);

describe('pages of the report', () => {
  test('hold every item once and in order, five hundred on each, with its documents', async () => {
    const lines = Array.from({ length: 1201 }, (_, index): ResultLine[] => [
      { line: 'document', key: `k${index}`, document: { name: `n${index}` } },
      { line: 'document', key: `k${index}`, part: 'performance', document: { precision: index } },
      { line: 'item', key: `k${index}`, outcome: 'saved' },
    ]).flat();
    const pages = await pagesOver(lines);
    expect(pages.map((page) => keysIn(page).length)).toEqual([500, 500, 201]);
    expect(pages.flatMap(keysIn)).toEqual(Array.from({ length: 1201 }, (_, index) => `k${index}`));
    expect(pages.map((page) => page.match(/<h4>Performance<\/h4>/g)?.length)).toEqual([500, 500, 201]);
    const links = pages.map((page) => [...page.matchAll(/href="(report-\d+\.html)"/g)].map(([, href]) => href));
    expect(links.map((all) => [...new Set(all)])).toEqual([
      ['report-0005.html', 'report-0007.html'],
      ['report-0006.html', 'report-0008.html'],
      ['report-0007.html'],
    ]);
  });

  test('show what could not be read, also where nothing else is', async () => {
    const pages = await pagesOver([{ line: 'gap', place: 'GetTaggedImages', reason: 'refused <403>' }]);
    expect(pages).toHaveLength(1);
    expect(pages[0]).toContain('refused &lt;403&gt;');
    expect(pages[0]).not.toContain('What was found');
  });

  test('show documents without an account, and an account without documents', async () => {
    const [page = ''] = await pagesOver([
      { line: 'document', key: 'a', document: 'text', flags: ['unexpected-shape'] },
      { line: 'item', key: 'b%20c', outcome: 'refused', reason: 'no' },
      { line: 'document', key: '%', document: null },
    ]);
    expect(keysIn(page)).toEqual(['a', 'b%20c', '%']);
    expect([...page.matchAll(/<h3><bdi>(.*?)<\/bdi>/g)].map(([, title]) => title)).toEqual(['a', 'b c', '%']);
    expect(page).toContain('unexpected-shape');
  });
});
