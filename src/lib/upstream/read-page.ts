import { isInferred } from '../catalog/operation.ts';
import type { Verdict } from '../plan/verdict.ts';
import { ask, refusal, type Settings, signedLink } from './ask.ts';
import { repeatOf } from './attempts.ts';
import { callUrl } from './call-url.ts';
import type { Answer } from './exchange.ts';
import { readOffsetPage } from './offset-pages.ts';
import { type Page, type PageRequest, pageOf, pageRequest } from './paging.ts';
import { documentOf, outgoingOf, type PlacedCall } from './send.ts';

/**
 * One page of a list. An empty page ends a walk, or proves a deletion: a passing mistake there would go unseen, so it is asked for
 * twice. An empty page that names a next one ends nothing.
 */
export async function readPage(settings: Settings, placed: PlacedCall, cursor?: string): Promise<Verdict<Page>> {
  const { operation } = placed.call;
  if (operation.paging?.by !== 'skip-take') return readOnePage(settings, placed, cursor);
  const { clock } = settings;
  const question = {
    ask: (skip: number) => readOnePage(settings, placed, String(skip)),
    take: operation.paging.take,
    name: operation.operation,
    now: () => clock.now(),
  };
  return readOffsetPage(question, cursor);
}

async function readOnePage(settings: Settings, placed: PlacedCall, cursor: string | undefined): Promise<Verdict<Page>> {
  const { target, call } = placed;
  const name = call.operation.operation;
  const request = pageRequest(call, cursor);
  if (request.kind === 'refused') return refusal(name, request.code);
  if (request.kind === 'link' && !signedLink(settings, target, { text: request.url, from: request.url })) {
    return refusal(name, 'LinkNotAllowed');
  }
  const askPage = () => askOnce(settings, placed, { request, cursor });
  const verdict = await askPage();
  const ends = verdict.kind === 'ok' && verdict.value.items.length === 0 && verdict.value.next === undefined;
  return ends ? askPage() : verdict;
}

interface Question {
  readonly request: Exclude<PageRequest, { kind: 'refused' }>;
  readonly cursor: string | undefined;
}

function askOnce(settings: Settings, placed: PlacedCall, { request, cursor }: Question): Promise<Verdict<Page>> {
  const { target, call, base } = placed;
  const { operation } = call;
  const outgoing =
    request.kind === 'link'
      ? outgoingOf(placed, request.url)
      : outgoingOf(placed, callUrl(base, call, request.query), request.body);
  const context = {
    operation,
    cursor,
    url: outgoing.url,
    token: request.kind === 'link' ? undefined : request.token,
    follow: (text: string) => {
      const url = signedLink(settings, target, { text, from: outgoing.url });
      return url?.host === new URL(outgoing.url).host ? url?.href : undefined;
    },
  };
  return ask(settings, { outgoing, repeat: repeatOf(operation) }, (answer: Answer) => {
    if (answer.status === 204 && isInferred(operation)) return { kind: 'ok', value: pageOf(undefined, context) };
    const verdict = documentOf(operation, answer);
    return verdict.kind === 'ok' ? { kind: 'ok', value: pageOf(verdict.value, context) } : verdict;
  });
}
