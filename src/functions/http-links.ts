import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { linkOrderSchema } from '../lib/api/answers.ts';
import { limitRate } from '../lib/app/composition.ts';
import { problem } from '../lib/app/problem.ts';
import { isPackageFile, packageFileType } from '../lib/domain/package-file.ts';
import type { Dependencies } from '../lib/steps/dependencies.ts';
import { followLink, issueLink } from '../lib/steps/package/links.ts';
import { json, noRequest, requestIdOf } from './http-answers.ts';
import { parseBody } from './http-body.ts';
import { type Call, registerOpenRoute, registerRoute } from './http-edge.ts';
import { downloadAnswer, notThere, partAsked } from './http-files.ts';
import { CONTENT_ROLES, NONE } from './http-package.ts';

const PATH = 'downloads/{token}';

async function issue({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  if (!requestId) return noRequest();
  const name = request.params.name ?? '';
  if (!isPackageFile(name)) return problem('not-found', { detail: 'A package has no file of this name.' });
  const body = await parseBody(request, linkOrderSchema);
  if (body.kind === 'refused') return body.response;
  const issued = await issueLink(deps, { requestId, file: name, actor });
  switch (issued.kind) {
    case 'no-links':
      return problem('no-links', { detail: 'Files are handed out to callers with key and token only.' });
    case 'issued': {
      const href = `/api/${PATH.replace('{token}', issued.token)}`;
      return json(201, { requestId, name, href, expiresAt: issued.until }, { location: href });
    }
    default:
      return notThere(issued, NONE);
  }
}

async function follow(request: HttpRequest, deps: Dependencies): Promise<HttpResponseInit> {
  const grant = await deps.links?.tokens.open(request.params.token ?? '');
  if (!grant) return problem('no-link', { detail: 'Ask for a new one where this one came from.' });
  // Each link has a rate of its own: whoever follows one doesn't use up that of who had it issued.
  const wait = limitRate(`link ${grant.requestId} ${grant.file} ${grant.until}`);
  if (wait !== undefined) return problem('too-many-requests', { headers: { 'retry-after': String(wait) } });
  const followed = await followLink(deps, { grant, ...partAsked(request) });
  switch (followed.kind) {
    case 'expired':
      return problem('link-expired', { detail: `It was good until ${followed.until}.` });
    case 'elsewhere':
      return { status: 307, headers: { location: followed.url } };
    case 'missing':
      return problem('package-gone', { detail: 'The request was forgotten.' });
    default:
      return downloadAnswer(followed, { file: grant.file, contentType: packageFileType(grant.file), none: NONE });
  }
}

/** `POST …/package/{name}/link`, and `GET /api/downloads/{token}` for whoever has the link. */
export function registerLinks(): void {
  registerRoute({
    name: 'issuePackageLink',
    method: 'POST',
    path: 'requests/{id}/package/{name}/link',
    roles: CONTENT_ROLES,
    answer: issue,
  });
  registerOpenRoute({ name: 'followPackageLink', path: PATH, answer: follow });
}
