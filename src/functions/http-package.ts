import type { HttpResponseInit } from '@azure/functions';
import { problem } from '../lib/app/problem.ts';
import { isPackageFile, packageFileType } from '../lib/domain/package-file.ts';
import type { Role } from '../lib/domain/roles.ts';
import { listPackage } from '../lib/steps/package/files.ts';
import { json, noRequest, requestHref, requestIdOf } from './http-answers.ts';
import { type Call, registerRoute } from './http-edge.ts';
import { fileAnswer, notThere } from './http-files.ts';

export const NONE = 'no-package';
/** What is known of the person is for who asked and for who may read all, not for who only decides or operates. */
export const CONTENT_ROLES: readonly Role[] = ['Dsr.Submit', 'Dsr.Read'];

async function list({ request, actor, deps }: Call): Promise<HttpResponseInit> {
  const requestId = requestIdOf(request.params);
  if (!requestId) return noRequest();
  const listed = await listPackage(deps, requestId, actor);
  if (listed.kind !== 'package') return notThere(listed, NONE);
  const { volumes, manifest } = listed.content;
  const addresses = (name: string) => {
    const href = requestHref(requestId, `/package/${name}`);
    return { href, ...(deps.links && { link: `${href}/link` }) };
  };
  return json(200, {
    requestId,
    volumes: volumes.map((volume) => ({ ...volume, ...addresses(volume.name) })),
    manifest: { ...manifest, ...addresses(manifest.name) },
  });
}

async function file(call: Call): Promise<HttpResponseInit> {
  const { request } = call;
  const requestId = requestIdOf(request.params);
  if (!requestId) return noRequest();
  const name = request.params.name ?? '';
  if (!isPackageFile(name)) return problem('not-found', { detail: 'A package has no file of this name.' });
  return fileAnswer(call, { requestId, file: name, contentType: packageFileType(name), none: NONE });
}

/** `GET …/package` and `GET …/package/{name}`. */
export function registerPackage(): void {
  registerRoute({
    name: 'getPackage',
    method: 'GET',
    path: 'requests/{id}/package',
    roles: CONTENT_ROLES,
    answer: list,
  });
  registerRoute({
    name: 'downloadPackageFile',
    method: 'GET',
    path: 'requests/{id}/package/{name}',
    roles: CONTENT_ROLES,
    answer: file,
  });
}
