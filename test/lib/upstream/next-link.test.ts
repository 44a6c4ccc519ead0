import { describe, expect, test } from 'vitest';
import { ARM, askedOf, listModels, listRuns, managed, PLANE, readAccount, upstreamOf } from './account-fixture.ts';
import { accountTarget, json, serve } from './fixture.ts';

const models = { operation: listModels, parameters: {} };
const runs = { operation: listRuns, parameters: {} };
const ok = (value: object) => ({ kind: 'ok', value });
const next = (link: unknown) => json(200, { value: [1], nextLink: link });

describe('a list with next links', () => {
  test('is followed on its own host, the link as it was given', async () => {
    const link = `${PLANE}/models?api-version=2017-09-01-preview&$skipToken=a%2Fb+c%3D%3D&x=%C3%A9`;
    const service = await serve(next(link), json(200, { value: [2] }));
    const upstream = upstreamOf(service, managed);
    expect(await upstream.page(accountTarget, models)).toEqual(ok({ items: [1], next: `link:${link}` }));
    expect(await upstream.page(accountTarget, models, `link:${link}`)).toEqual(ok({ items: [2] }));
    expect(askedOf(service)).toEqual([`GET ${PLANE}/models?api-version=2017-09-01-preview`, `GET ${link}`]);
    expect(service.seen.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill('Bearer token-of-the-app'));
  });

  test.each([
    ['a relative link', '?$skipToken=2', `${PLANE}/models?$skipToken=2`],
    ['a path', '/api/else?page=2', 'https://eastus2.modelmanagement.azureml.net/api/else?page=2'],
    ['a host in capitals with its port', PLANE.replace('eastus2', 'EASTUS2').replace('.net', '.net:443'), PLANE],
    ['a fragment', `${PLANE}/models?p=2#here`, `${PLANE}/models?p=2`],
  ])('understands %s', async (_, link, url) => {
    const service = await serve(next(link));
    const verdict = await upstreamOf(service, managed).page(accountTarget, models);
    expect(verdict).toEqual(ok({ items: [1], next: `link:${url}` }));
  });

  test.each([
    ['another host', 'https://evil.example/models'],
    ['another host of ours', `${ARM}/models`],
    ['a host that begins alike', `${PLANE.replace('.net', '.net.evil.example')}/models`],
    ['a user part', PLANE.replace('https://', 'https://eastus2.modelmanagement.azureml.net@evil.example/')],
    ['a user on our host', PLANE.replace('https://', 'https://ann:x@')],
    ['plain http', PLANE.replace('https', 'http')],
    ['another port', PLANE.replace('.net', '.net:8443')],
    ['another scheme', 'javascript:alert(1)'],
    ['a host without a scheme', '//evil.example/models'],
    ['no URL at all', 'https://['],
  ])('is not followed to %s: what came is kept, and the next page is refused', async (_, link) => {
    const service = await serve(next(link));
    const upstream = upstreamOf(service, managed);
    expect(await upstream.page(accountTarget, models)).toEqual(ok({ items: [1], next: 'refused:LinkNotAllowed' }));
    expect(await upstream.page(accountTarget, models, 'refused:LinkNotAllowed')).toMatchObject({
      kind: 'refused',
      code: 'LinkNotAllowed',
      reason: 'ListModels: LinkNotAllowed',
    });
    expect(service.seen).toHaveLength(1);
  });

  test('does not follow a stored link to a host that is none of the branch', async () => {
    const service = await serve(next(undefined));
    const verdict = await upstreamOf(service, managed).page(accountTarget, models, 'link:https://evil.example/models');
    expect(verdict).toMatchObject({ kind: 'refused', code: 'LinkNotAllowed' });
    expect(service.seen).toHaveLength(0);
  });

  test.each([
    ['no link', undefined],
    ['null', null],
    ['an empty link', ''],
  ])('ends with %s', async (_, link) => {
    const service = await serve(next(link));
    expect(await upstreamOf(service, managed).page(accountTarget, models)).toEqual(ok({ items: [1] }));
  });

  test('goes on after an empty page that names another, and asks for it only once', async () => {
    const service = await serve(json(200, { value: [], nextLink: `${PLANE}/models?p=2` }));
    const verdict = await upstreamOf(service, managed).page(accountTarget, models);
    expect(verdict).toEqual(ok({ items: [], next: `link:${PLANE}/models?p=2` }));
    expect(service.seen).toHaveLength(1);
  });

  test('believes an empty last page when it was said twice', async () => {
    const service = await serve(json(200, { value: [] }), json(200, { value: [1] }));
    expect(await upstreamOf(service, managed).page(accountTarget, models)).toEqual(ok({ items: [1] }));
    expect(service.seen).toHaveLength(2);
  });

  test('that leads back to the page itself is busy, after another try', async () => {
    const url = `${PLANE}/models?p=2`;
    const service = await serve(next(url));
    expect(await upstreamOf(service, managed).page(accountTarget, models, `link:${url}`)).toMatchObject({
      kind: 'busy',
      reason: 'ListModels: the next page is the same page',
    });
    expect(service.seen).toHaveLength(2);
  });

  test.each([
    ['a bare list', [1]],
    ['no value', { items: [1] }],
    ['a value that is no list', { value: { a: 1 } }],
    ['a link that is no text', { value: [1], nextLink: 7 }],
    ['null', null],
  ])('of a documented operation is asked for again when the answer is %s', async (_, body) => {
    const service = await serve(json(200, body), next(undefined));
    expect(await upstreamOf(service, managed).page(accountTarget, models)).toEqual(ok({ items: [1] }));
    expect(service.seen).toHaveLength(2);
  });

  test.each(['{"continuationToken":"t"}', '{"@odata.nextLink":"x"}', '{"NextPageLink":"x"}'])(
    'says that it is not whole when it goes on by means that nobody has described: %s',
    async (more) => {
      const service = await serve(json(200, { value: [1], ...JSON.parse(more) }));
      const upstream = upstreamOf(service, managed);
      const cursor = 'refused:ContinuationNotKnown';
      expect(await upstream.page(accountTarget, models)).toEqual(ok({ items: [1], next: cursor }));
      expect(await upstream.page(accountTarget, models, cursor)).toMatchObject({ code: 'ContinuationNotKnown' });
    },
  );

  test.each(['3', 'token:x', 'link:', 'what:ever'])('does not take %j for a cursor', async (cursor) => {
    const service = await serve(next(undefined));
    await expect(upstreamOf(service, managed).page(accountTarget, models, cursor)).rejects.toThrow();
    expect(service.seen).toHaveLength(0);
  });
});

describe('a list with continuation tokens', () => {
  const token = 'a/b?c=d&e {"f":"é"}';
  test('sends the token back under its query option', async () => {
    const service = await serve(json(200, { value: [1], continuationToken: token }), json(200, { value: [2] }));
    const upstream = upstreamOf(service, managed);
    expect(await upstream.page(accountTarget, runs)).toEqual(ok({ items: [1], next: `token:${token}` }));
    expect(await upstream.page(accountTarget, runs, `token:${token}`)).toEqual(ok({ items: [2] }));
    const second = new URL(service.seen[1]?.url ?? '', 'https://x');
    expect([...second.searchParams]).toEqual([['$continuationtoken', token]]);
  });

  test('prefers a link, and falls back on the token where the link may not be followed', async () => {
    const link = `${ARM}/runs?page=2`;
    const both = await serve(json(200, { value: [1], nextLink: link, continuationToken: token }));
    expect(await upstreamOf(both, managed).page(accountTarget, runs)).toMatchObject(ok({ next: `link:${link}` }));
    const foreign = await serve(json(200, { value: [1], nextLink: 'https://x.example/', continuationToken: token }));
    expect(await upstreamOf(foreign, managed).page(accountTarget, runs)).toMatchObject(ok({ next: `token:${token}` }));
  });

  test('that gets its own token back is busy', async () => {
    const service = await serve(json(200, { value: [1], continuationToken: token }));
    const verdict = await upstreamOf(service, managed).page(accountTarget, runs, `token:${token}`);
    expect(verdict).toMatchObject({ kind: 'busy', reason: 'ListRuns: the next page is the same page' });
  });
});

describe('a list that is one document', () => {
  const account = { operation: readAccount, parameters: {} };
  test('has the whole answer for its item', async () => {
    const service = await serve(json(200, { name: 'models1', value: [] }));
    const verdict = await upstreamOf(service, managed).page(accountTarget, account);
    expect(verdict).toEqual(ok({ items: [{ name: 'models1', value: [] }] }));
    expect(askedOf(service)).toEqual([`GET ${ARM}/accounts/models1?api-version=2017-09-01-preview`]);
  });

  test('is absent when there is none', async () => {
    const service = await serve(json(404, { error: { code: 'ResourceNotFound' } }));
    expect(await upstreamOf(service, managed).page(accountTarget, account)).toEqual({ kind: 'absent' });
  });
});
