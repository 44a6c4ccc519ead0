import { Readable } from 'node:stream';
import type { HttpResponseInit } from '@azure/functions';
import { accepts } from './accepts.ts';
import { noRequest, requestIdOf } from './http-answers.ts';
import { type Call, registerRoute } from './http-edge.ts';
import { fileAnswer } from './http-files.ts';

const JOSE = 'application/jose';

/** As JSON, or signed for who asks for that. */
async function receipt(call: Call): Promise<HttpResponseInit> {
  const { headers, params } = call.request;
  const requestId = requestIdOf(params);
  if (!requestId) return noRequest();
  return accepts(headers.get('accept'), JOSE)
    ? fileAnswer(call, { requestId, file: 'receipt.jws', contentType: JOSE, none: 'not-signed' })
    : fileAnswer(call, { requestId, file: 'receipt.json', contentType: 'application/json', none: 'no-receipt' });
}

async function journal({ request, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  const opened = requestId && (await deps.records.journal(requestId));
  if (!opened) return noRequest();
  return {
    status: 200,
    headers: {
      'content-type': 'application/x-ndjson',
      'content-length': String(opened.bytes),
      'cache-control': 'no-store',
    },
    body: Readable.from(opened.stream, { objectMode: false }),
  };
}

/** `GET …/receipt` and `GET …/journal`: the account of a request. */
export function registerAccount(): void {
  registerRoute({ name: 'getReceipt', method: 'GET', path: 'requests/{id}/receipt', answer: receipt });
  registerRoute({ name: 'getJournal', method: 'GET', path: 'requests/{id}/journal', answer: journal });
}
