import { Readable } from 'node:stream';
import type { HttpResponseInit } from '@azure/functions';
import { receiptQuerySchema } from '../lib/api/queries.ts';
import { problem } from '../lib/app/problem.ts';
import type { RequestId } from '../lib/domain/ids.ts';
import { ROLES } from '../lib/domain/roles.ts';
import type { Dependencies } from '../lib/steps/dependencies.ts';
import { signJournalHead } from '../lib/steps/receipt/journal-head.ts';
import { accepts } from './accepts.ts';
import { noRequest, requestIdOf } from './http-answers.ts';
import { type Call, registerRoute } from './http-edge.ts';
import { invalid } from './http-faults.ts';
import { fileAnswer } from './http-files.ts';

const JOSE = 'application/jose';

/** As JSON, or signed for who asks for that. */
async function receipt(call: Call): Promise<HttpResponseInit> {
  const { headers, params, query } = call.request;
  const requestId = requestIdOf(params);
  if (!requestId) return noRequest();
  const asked = receiptQuerySchema.safeParse(Object.fromEntries(query));
  if (!asked.success) return invalid('query', asked.error);
  const { edition } = asked.data;
  return accepts(headers.get('accept'), JOSE)
    ? fileAnswer(call, { requestId, edition, file: 'receipt.jws', contentType: JOSE, none: 'not-signed' })
    : fileAnswer(call, {
        requestId,
        edition,
        file: 'receipt.json',
        contentType: 'application/json',
        none: 'no-receipt',
      });
}

/** The lines, or, for who asks for something signed, how far they go now. */
async function journal({ request, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  if (requestId && accepts(request.headers.get('accept'), JOSE)) return journalHead(deps, requestId);
  const opened = requestId && (await deps.records.journal(requestId));
  if (!opened) return noRequest();
  return {
    status: 200,
    headers: {
      'content-type': 'application/x-ndjson',
      'content-length': String(opened.bytes),
      'cache-control': 'no-store',
      vary: 'accept',
    },
    body: Readable.from(opened.stream, { objectMode: false }),
  };
}

async function journalHead(deps: Dependencies, requestId: RequestId): Promise<HttpResponseInit> {
  const head = await signJournalHead(deps, requestId);
  if (head.kind === 'missing') return noRequest();
  if (head.kind === 'not-signed') return problem('not-signed', { detail: 'The service has no key to sign with.' });
  const headers = { 'content-type': JOSE, 'cache-control': 'no-store', vary: 'accept' };
  return { status: 200, headers, body: head.signed };
}

/** `GET …/receipt` and `GET …/journal`: the account of a request. */
export function registerAccount(): void {
  registerRoute({ name: 'getReceipt', method: 'GET', path: 'requests/{id}/receipt', roles: ROLES, answer: receipt });
  registerRoute({ name: 'getJournal', method: 'GET', path: 'requests/{id}/journal', roles: ROLES, answer: journal });
}
