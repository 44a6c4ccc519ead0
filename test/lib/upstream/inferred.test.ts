import { describe, expect, test } from 'vitest';
import { ARM, guessedJobs, guessedRuns, managed, readUri, upstreamOf } from './account-fixture.ts';
import { accountTarget, empty, json, serve, text } from './fixture.ts';

const runs = { operation: guessedRuns, parameters: {} };
const jobs = { operation: guessedJobs, parameters: {} };
const flags = ['unexpected-shape'];
const link = `${ARM}/jobs?page=2`;

describe('a list of which only inference says what it looks like', () => {
  test.each([
    ['the inferred shape', runs, { value: [1], nextLink: null }, { items: [1] }],
    ['a bare list instead of an envelope', runs, [1, 2], { items: [1, 2], flags }],
    ['one document', runs, { jobId: 'a', value: 'b' }, { items: [{ jobId: 'a', value: 'b' }], flags }],
    ['a text', runs, 'https://x.example/', { items: ['https://x.example/'], flags }],
    ['null', runs, null, { items: [null], flags }],
    ['a link that is no text', runs, { value: [1], nextLink: 7 }, { items: [{ value: [1], nextLink: 7 }], flags }],
    ['a bare list where one was inferred', jobs, [1], { items: [1] }],
    ['an envelope instead of a bare list', jobs, { value: [1] }, { items: [1], flags }],
    ['an envelope that goes on', jobs, { value: [1], nextLink: link }, { items: [1], next: `link:${link}`, flags }],
    [
      'an envelope whose token nobody can send back',
      jobs,
      { value: [1], continuationToken: 't' },
      { items: [1], next: 'refused:ContinuationNotKnown', flags },
    ],
  ])('keeps %s', async (_, call, body, page) => {
    const service = await serve(json(200, body));
    expect(await upstreamOf(service, managed).page(accountTarget, call)).toEqual({ kind: 'ok', value: page });
    expect(service.seen).toHaveLength(1);
  });

  test('is walked on over a link that was not inferred', async () => {
    const service = await serve(json(200, { value: [2] }));
    const verdict = await upstreamOf(service, managed).page(accountTarget, jobs, `link:${link}`);
    expect(verdict).toEqual({ kind: 'ok', value: { items: [2], flags } });
    expect(await upstreamOf(service, managed).page(accountTarget, jobs, 'refused:ContinuationNotKnown')).toMatchObject({
      kind: 'refused',
      code: 'ContinuationNotKnown',
    });
  });

  test('is empty when there is no content, said twice', async () => {
    const service = await serve(empty(204));
    const verdict = await upstreamOf(service, managed).page(accountTarget, runs);
    expect(verdict).toEqual({ kind: 'ok', value: { items: [], flags } });
    expect(service.seen).toHaveLength(2);
  });

  test('is still asked for again when the answer is not JSON or broke off', async () => {
    const service = await serve(text(200, 'text/html', '<html>'), json(200, [1]));
    expect(await upstreamOf(service, managed).page(accountTarget, jobs)).toMatchObject({ value: { items: [1] } });
    expect(service.seen).toHaveLength(2);
  });
});

describe('a document of which only inference says what it looks like', () => {
  test('may be a bare text', async () => {
    const service = await serve(json(200, 'https://store.blob.core.windows.net/a?sig=x'));
    const call = { operation: readUri, parameters: { runId: 'r', name: 'outputs/a b.pkl' } };
    expect(await upstreamOf(service, managed).send(accountTarget, call)).toEqual({
      kind: 'ok',
      value: 'https://store.blob.core.windows.net/a?sig=x',
    });
    expect(service.seen[0]?.url).toMatch(/\/runs\/r\/artifacturi\?name=outputs%2Fa%20b\.pkl$/);
  });
});
