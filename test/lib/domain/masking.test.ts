import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { familyMasker, MASKED, masker, TOO_DEEP } from '../../../src/lib/domain/masking.ts';

const MEMBERS = ['token', 'primaryKey', 'administratorAccount', 'secret'];
const PATHS = ['ssl/key', 'ssl/cert', 'sslConfiguration/key', 'sslConfiguration/cert', 'registry/password', '/Keys/*'];
const RULES = { members: MEMBERS, paths: PATHS, free: ['tags', 'cells'], query: ['sig'] };
const mask = masker(RULES);

describe('masking members', () => {
  test('replaces them in any depth, whatever their case and their value', () => {
    const document = {
      Token: 'a',
      list: [{ PRIMARYKEY: 1, administratorAccount: { user: 'u', password: 'p' } }],
      tokens: 'kept',
    };
    expect(mask(document)).toEqual({
      Token: MASKED,
      list: [{ PRIMARYKEY: MASKED, administratorAccount: MASKED }],
      tokens: 'kept',
    });
  });

  test('keeps null, which says that there is no secret', () => {
    expect(mask({ token: null })).toEqual({ token: null });
  });

  test('leaves alone what stands right below a member in which names are free, unless it is more than a plain value', () => {
    const kept = { tags: { token: 'a', n: 1 }, cells: [{ Token: 7 }, { secret: true, token: [1, 'a', 2] }] };
    expect(mask(kept)).toEqual(kept);
    const deeper = { Tags: { token: { a: 1 }, secret: [{}], inner: { token: 'a' } }, tagged: { token: 'a' } };
    expect(mask(deeper)).toEqual({
      Tags: { token: MASKED, secret: MASKED, inner: { token: MASKED } },
      tagged: { token: MASKED },
    });
  });

  test('does not change its argument', () => {
    const document = { token: 'a', list: ['https://h/?sig=a'] };
    mask(document);
    expect(document).toEqual({ token: 'a', list: ['https://h/?sig=a'] });
  });

  test('treats __proto__ and constructor as members like any other', () => {
    const text = '{"__proto__":{"token":"a","admin":true},"constructor":{"prototype":1},"x":{"__proto__":[1]}}';
    const masked = mask(JSON.parse(text));
    expect(JSON.stringify(masked)).toBe(text.replace('"a"', `"${MASKED}"`));
    expect(Object.getPrototypeOf(masked)).toBe(Object.prototype);
  });

  test.each([
    ['arrays', '[', ']', ''],
    ['objects', '{"a":', '}', '1'],
  ])(
    'survives %s nested ten thousand levels deep, and what it answers can be written as JSON',
    (_, open, close, middle) => {
      const masked = mask(JSON.parse(open.repeat(10_000) + middle + close.repeat(10_000)));
      expect(JSON.stringify(masked)).toContain(TOO_DEEP);
    },
  );

  test('keeps documents of several hundred levels whole', () => {
    const text = `${'{"a":['.repeat(400)}1${']}'.repeat(400)}`;
    expect(JSON.stringify(mask(JSON.parse(text)))).toBe(text);
  });
});

describe('masking members by the way to them', () => {
  test.each([
    [{ ssl: { status: 'on', key: 'a', cert: 'b' } }, { ssl: { status: 'on', key: MASKED, cert: MASKED } }],
    [{ x: [{ SSL: [{ Key: 'a' }, [{ key: { deep: 1 } }]] }] }, { x: [{ SSL: [{ Key: MASKED }, [{ key: MASKED }]] }] }],
    [{ sslConfiguration: { key: null, cert: 0 } }, { sslConfiguration: { key: null, cert: MASKED } }],
    [{ Keys: { New: { a: 1 }, B: null } }, { Keys: { New: MASKED, B: null } }],
    [[{ keys: { a: 1 } }], [{ keys: { a: MASKED } }]],
    [{ keys: ['a', ['b'], null] }, { keys: [MASKED, [MASKED], null] }],
    [{ Keys: 'a' }, { Keys: MASKED }],
  ])('masks %j', (document, expected) => {
    expect(mask(document)).toEqual(expected);
  });

  test.each([
    [{ key: 'a', cert: 'b', password: 'c' }],
    [{ ssl: { inner: { key: 'a' } }, tags: [{ key: 'a', value: 'b' }] }],
    [{ ssl: 'key', sslx: { key: 'a' } }],
    [{ tags: { keys: { a: 1 } } }],
    [{ tags: { keys: ['a'] } }],
    [{ ROOT: { keys: { a: 1 } } }],
  ])('leaves %j alone', (document) => {
    expect(mask(document)).toEqual(document);
  });
});

describe('masking signatures', () => {
  test.each([
    ['a link', 'https://h/b?sv=1&sig=aB%2Bc%3D&se=2', 'https://h/b?sv=1&sig=<masked>&se=2'],
    ['a link in which it comes first', 'https://h/b?SIG=abc#x', 'https://h/b?SIG=<masked>#x'],
    ['the middle of a text', 'see (https://h/b?sig=a+/=), twice', 'see (https://h/b?sig=<masked>), twice'],
    ['several links', 'https://h/?sig=a https://h/?sig=b', 'https://h/?sig=<masked> https://h/?sig=<masked>'],
    [
      'a link within a link',
      'https://r/?u=https%3A%2F%2Fh%3Fsv%3D1%26sig%3Dab%252B%26se%3D2',
      'https://r/?u=https%3A%2F%2Fh%3Fsv%3D1%26sig%3D<masked>%26se%3D2',
    ],
    ['HTML', '<a href="https://h/?a=1&amp;sig=ab">x</a>', '<a href="https://h/?a=1&amp;sig=<masked>">x</a>'],
    ['JSON in a string', '{"u":"https://h/?a=1\\u0026sig=ab"}', '{"u":"https://h/?a=1\\u0026sig=<masked>"}'],
    ['a bare token', 'sig=ab&sv=1', 'sig=<masked>&sv=1'],
    [
      'a connection string',
      'BlobEndpoint=https://h;SharedAccessSignature=sv=1&sig=ab;X=y',
      'BlobEndpoint=https://h;SharedAccessSignature=sv=1&sig=<masked>;X=y',
    ],
  ])('masks them in %s', (_, text, expected) => {
    expect(mask(text)).toBe(expected);
    expect(mask({ [text]: [text] })).toEqual({ [expected]: [expected] });
    expect(mask(expected)).toBe(expected);
  });

  test.each([
    'https://h/?design=x&signature=y&asig=z',
    'https://h/sig=x',
    'a sig',
    'https://h/?sig=&se=1',
    'sign & seal',
  ])('leaves %s alone', (text) => {
    expect(mask(text)).toBe(text);
  });

  test('keeps both of two members whose names differ in the signature only', () => {
    const masked = mask({ 'https://h/?sig=a': 1, 'https://h/?sig=b': 2 });
    expect(Object.values(masked as object)).toEqual([1, 2]);
  });
});

test('a table masks each family by what is said of it besides what holds for all; of others no name is free', () => {
  const { free, ...common } = RULES;
  const ofFamily = familyMasker({ ...common, families: { runs: { free }, files: { paths: ['file/path'] } } });
  const document = { tags: { token: 'a', list: ['b'] }, file: { path: 'c' }, secret: 'd', link: '?sig=e' };
  const masked = { ...document, secret: MASKED, link: `?sig=${MASKED}` };
  expect(ofFamily('runs', document)).toEqual(masked);
  const tags = { token: MASKED, list: ['b'] };
  expect(ofFamily('files', document)).toEqual({ ...masked, tags, file: { path: MASKED } });
  expect(ofFamily('others', document)).toEqual({ ...masked, tags });
});

/** Documents in which `SECRET` can't occur by itself. */
const plain = fc.jsonValue({ maxDepth: 4 }).filter((value) => !/sig|%|q7/i.test(JSON.stringify(value)));
const secret = fc
  .uint8Array({ minLength: 12, maxLength: 40 })
  .map((bytes) => encodeURIComponent(`q7${Buffer.from(bytes).toString('base64')}`));
const path = fc.array(fc.oneof(fc.constant(0), fc.constantFrom('a', '__proto__', 'value', 'Tags')), { maxLength: 6 });

/** `value` at the end of a path of members and array places, `beside` next to it on each level. */
const planted = (steps: readonly (string | number)[], value: unknown, beside: unknown): unknown =>
  steps.reduceRight<unknown>((inner, step) => {
    if (typeof step === 'number') return [beside, inner];
    return JSON.parse(`{"beside":${JSON.stringify(beside)},${JSON.stringify(step)}:${JSON.stringify(inner)}}`);
  }, value);

describe('masking', () => {
  test('lets no planted signature through and keeps everything else', () => {
    fc.assert(
      fc.property(
        path,
        secret,
        plain,
        fc.constantFrom(' ', '"', '&se=1', ')', '#f', ''),
        (steps, value, beside, end) => {
          const link = (signature: string): string => `text https://h.example/b?sv=1&sig=${signature}${end}`;
          const masked = mask(planted(steps, link(value), beside));
          expect(JSON.stringify(masked)).toBe(JSON.stringify(planted(steps, link(MASKED), beside)));
        },
      ),
    );
  });

  test('lets no planted secret member through and keeps everything else', () => {
    const name = fc.constantFrom(...MEMBERS).chain((member) => fc.constantFrom(member, member.toUpperCase()));
    fc.assert(
      fc.property(path, name, secret, plain, (steps, member, value, beside) => {
        const masked = mask(planted(steps, { [member]: { deep: [value] } }, beside));
        expect(JSON.stringify(masked)).toBe(JSON.stringify(planted(steps, { [member]: MASKED }, beside)));
      }),
    );
  });

  test('masks a member by the way to it wherever that way ends, and nothing off the way', () => {
    const way = fc.constantFrom(['ssl', 'key'], ['SSL', 'Cert'], ['sslConfiguration', 'key'], ['registry', 'PASSWORD']);
    fc.assert(
      fc.property(path, way, secret, plain, (steps, [parent = '', member = ''], value, beside) => {
        const at = (inner: unknown, name: string) => planted([...steps, parent, name], inner, beside);
        expect(JSON.stringify(mask(at([value], member)))).toBe(JSON.stringify(at(MASKED, member)));
        expect(JSON.stringify(mask(at([value], `${member}s`)))).toBe(JSON.stringify(at([value], `${member}s`)));
      }),
    );
  });
});
