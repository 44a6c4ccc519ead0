import type { DurableHttpAnswer, DurableHttpRequest } from '../../contract.ts';
import { notFound, refusal } from './answers.ts';
import { raiseEvent, resume, rewind, suspend, terminate } from './commands.ts';
import { purge, purgeAll } from './purge.ts';
import type { ApiParts } from './request.ts';
import { restart, start } from './start.ts';
import { list, status } from './status.ts';

type Handler = (api: ApiParts, request: DurableHttpRequest, parameters: readonly string[]) => DurableHttpAnswer;

function noEntities(): DurableHttpAnswer {
  return refusal(501, 'Durable entities are not supported locally.');
}

/** Routes of the extension's `HttpApiHandler`; `*` stands for one segment. Words match without regard to case, as ASP.NET's do. */
const routes: readonly (readonly [string, Handler])[] = [
  ['POST orchestrators *', start],
  ['POST orchestrators * *', start],
  ['GET instances', list],
  ['DELETE instances', purgeAll],
  ['GET instances *', status],
  ['DELETE instances *', purge],
  ['POST instances * raiseEvent *', raiseEvent],
  ['POST instances * terminate', terminate],
  ['POST instances * suspend', suspend],
  ['POST instances * resume', resume],
  ['POST instances * rewind', rewind],
  ['POST instances * restart', restart],
  ['GET entities', noEntities],
  ['GET entities *', noEntities],
  ['GET entities * *', noEntities],
  ['POST entities * *', noEntities],
  ['DELETE entities * *', noEntities],
];

/** Answers a request to the durable HTTP API; never throws for what a caller sent. */
export function route(api: ApiParts, request: DurableHttpRequest): DurableHttpAnswer {
  const given = segments(request.path);
  if (given === undefined) return notFound;
  for (const [pattern, handler] of routes) {
    const [method, ...words] = pattern.split(' ');
    const parameters = method === request.method.toUpperCase() ? match(words, given) : undefined;
    if (parameters) return handler(api, request, parameters);
  }
  return notFound;
}

function segments(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function match(words: readonly string[], given: readonly string[]): string[] | undefined {
  if (words.length !== given.length) return undefined;
  const fits = words.every((word, at) => word === '*' || word.toLowerCase() === given[at]?.toLowerCase());
  return fits ? given.filter((_, at) => words[at] === '*') : undefined;
}
