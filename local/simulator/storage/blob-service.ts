import type { GeneratedContent } from '../content/content.ts';
import { type Answer, isLoopback, queryValue, type SimulatedRequest } from '../http/message.ts';
import type { Service, Simulation } from '../simulation.ts';
import { findFile } from './find.ts';
import { signatureOf } from './links.ts';
import { requestedRange } from './range.ts';

/** The storage account behind the links: reads only, by shared access signature only. */
export const blobService: Service = {
  name: 'blob storage',
  take: (request, simulation) => {
    const mine =
      request.host === simulation.world.blobHost || (isLoopback(request.host) && request.host.startsWith('localhost'));
    if (!mine || !/^\/[ieml]-/.test(request.path)) return undefined;
    if (request.method !== 'GET' && request.method !== 'HEAD') return { operation: '<blob>', answer: notAllowed };
    return { operation: 'GetBlob', answer: (sent) => readBlob(sent, simulation) };
  },
};

/** A secret of ours must never reach the storage host: the whole request is refused. */
function readBlob(request: SimulatedRequest, simulation: Simulation): Answer {
  const { headers } = request;
  if (headers['training-key'] !== undefined || headers.authorization !== undefined) {
    return xmlError(403, 'AuthenticationFailed', 'A request with a signed link must not carry other credentials.');
  }
  const expiry = queryValue(request, 'se');
  if (expiry === undefined || queryValue(request, 'sig') !== signatureOf(simulation.world, request.path, expiry)) {
    return xmlError(403, 'AuthenticationFailed', 'Signature did not match.');
  }
  if (Date.parse(expiry) <= simulation.now()) {
    return xmlError(403, 'AuthenticationFailed', `Signature not valid in the specified time frame: Expiry [${expiry}]`);
  }
  const content = findFile(simulation.world, request.path);
  return content
    ? contentAnswer(request, content)
    : xmlError(404, 'BlobNotFound', 'The specified blob does not exist.');
}

function contentAnswer(request: SimulatedRequest, content: GeneratedContent): Answer {
  const range = requestedRange(request.headers, content);
  const common = { 'Accept-Ranges': 'bytes', ETag: content.etag, 'x-ms-version': '2017-04-17' };
  if (range === 'unsatisfiable') {
    const refused = xmlError(
      416,
      'InvalidRange',
      'The range specified is invalid for the current size of the resource.',
    );
    return { ...refused, headers: { ...refused.headers, 'Content-Range': `bytes */${content.size}` } };
  }
  const { start, end } = range ?? { start: 0, end: content.size };
  const headers = {
    ...common,
    'Content-Type': content.mediaType,
    'Content-Length': String(end - start),
    'Last-Modified': 'Thu, 21 Mar 2019 08:00:00 GMT',
    'x-ms-blob-type': 'BlockBlob',
    ...(range && { 'Content-Range': `bytes ${start}-${end - 1}/${content.size}` }),
  };
  const body = request.method === 'HEAD' ? {} : { body: { content, start, end } };
  return { status: range ? 206 : 200, headers, ...body };
}

function notAllowed(): Answer {
  return xmlError(405, 'UnsupportedHttpVerb', 'The resource does not support the specified HTTP verb.');
}

/** Blob storage's error body (learn.microsoft.com/rest/api/storageservices/status-and-error-codes2). */
function xmlError(status: number, code: string, message: string): Answer {
  const text = `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'Content-Type': 'application/xml', 'x-ms-error-code': code }, body: { text } };
}
