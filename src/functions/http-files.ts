import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { ProblemName } from '../lib/api/problems.ts';
import { type ProblemResponse, problem } from '../lib/app/problem.ts';
import type { RequestId } from '../lib/domain/ids.ts';
import { type Download, type DownloadInput, download } from '../lib/steps/package/download.ts';
import type { NotThere } from '../lib/steps/package/files.ts';
import { noRequest } from './http-answers.ts';
import type { Call } from './http-edge.ts';

/** Why a sealed document can't be had. @param none the problem where the request ended without one. */
export function notThere(why: NotThere, none: ProblemName): ProblemResponse {
  switch (why.kind) {
    case 'missing':
      return noRequest();
    case 'not-sealed':
      return problem('not-sealed', { detail: `The request is ${why.state}: look again later.` });
    case 'gone':
      return problem('package-gone', { detail: `It was to be had until ${why.since}.` });
    case 'journal-full':
      return problem('journal-full', { detail: 'No package is handed out that can not be written down.' });
    case 'none':
      return problem(none, { detail: `The request ended ${why.state} without one.` });
  }
}

export interface FileAsked {
  readonly requestId: RequestId;
  readonly file: DownloadInput['file'];
  readonly edition?: number | undefined;
  readonly contentType: string;
  readonly none: ProblemName;
}

/**
 * Streams a file of a sealed request: whole, one range, or "not changed". The library takes bytes as fast as storage gives them, however slow
 * the client is (azure-functions-nodejs-library issue 294, open): clients fetch large volumes in ranges.
 */
export async function fileAnswer({ deps, request, actor }: Call, asked: FileAsked): Promise<HttpResponseInit> {
  const { requestId, file, edition } = asked;
  return downloadAnswer(await download(deps, { requestId, file, edition, actor, ...partAsked(request) }), asked);
}

/** Which part of a file a request asks for. */
export function partAsked({ headers }: HttpRequest): Pick<DownloadInput, 'range' | 'ifRange' | 'ifNoneMatch'> {
  const header = (name: string): string | undefined => headers.get(name) ?? undefined;
  return { range: header('range'), ifRange: header('if-range'), ifNoneMatch: header('if-none-match') };
}

export function downloadAnswer(opened: Download, asked: Omit<FileAsked, 'requestId'>): HttpResponseInit {
  switch (opened.kind) {
    case 'file':
      return fileStream(opened, asked);
    case 'unchanged':
      return { status: 304, headers: { etag: opened.etag } };
    case 'outside':
      return problem('range-not-satisfiable', {
        detail: `The file has ${opened.total} bytes.`,
        headers: { 'content-range': `bytes */${opened.total}` },
      });
    default:
      return notThere(opened, asked.none);
  }
}

function fileStream(
  opened: Extract<Download, { kind: 'file' }>,
  { contentType }: Pick<FileAsked, 'contentType'>,
): HttpResponseInit {
  const { name, etag, total, part, chunks } = opened;
  const headers = {
    'content-type': contentType,
    'content-disposition': `attachment; filename="${name}"`,
    'content-length': String(part?.count ?? total),
    'accept-ranges': 'bytes',
    'cache-control': 'no-cache, private',
    vary: 'accept',
    'x-content-type-options': 'nosniff',
    etag,
  };
  if (!part) return { status: 200, headers, body: chunks };
  const range = `bytes ${part.offset}-${part.offset + part.count - 1}/${total}`;
  return { status: 206, headers: { ...headers, 'content-range': range }, body: chunks };
}
