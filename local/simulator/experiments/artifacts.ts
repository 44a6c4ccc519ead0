import { jsonAnswer } from '../http/message.ts';
import { Refusal } from '../http/refusal.ts';
import { type Artifact, containerOf, type RunHistory } from '../world/learning/run-history.ts';
import { type HistoryCall, type HistoryOperation, historyList, operation } from './call.ts';
import { artifactDocument, assetDocument, contentDocument, jobDocument } from './documents.ts';

/** Artifacts and assets v1.0, and notifications (endpoints.md, rows 29 to 34). */
export const artifactOperations: readonly HistoryOperation[] = [
  operation('GET /artifact/artifacts/origins/{origin}/containers/{container}', 'ListArtifacts', (call, names) => {
    const found = artifactsIn(call.history, names.origin, openedBy(call, names.container));
    return historyList(call, found, (artifact) => artifactDocument(call, artifact));
  }),
  /** The path with its slashes raw or as `%2F`. */
  operation(
    'GET /artifact/artifacts/contentinfo/{origin}/{container}/{path*}',
    'GetContentInformation',
    (call, names) =>
      jsonAnswer(
        200,
        contentDocument(call, artifactOf(call, { ...names, container: openedBy(call, names.container) })),
      ),
  ),
  operation('GET /artifact/assets', 'ListAssets', (call) =>
    historyList(call, call.history.assets.values(), assetDocument),
  ),
  operation('GET /artifact/assets/name/{name}', 'GetAssetByName', (call, { name }) => {
    const versions = [...call.history.assets.values()].filter((asset) => asset.name === name);
    const newest = versions.at(-1);
    if (!newest) throw new Refusal(404, 'NotFound', `Asset ${name} was not found.`);
    if (call.behaviour.assetByName === 'versions') return jsonAnswer(200, { value: versions.map(assetDocument) });
    return jsonAnswer(200, assetDocument(newest));
  }),
  /** Somebody without jobs, or unknown, gets an empty list. */
  operation('GET /notification/users/{objectId}/jobs', 'ListJobs', (call, { objectId }) => {
    const own = [...call.history.jobs.values()].filter(({ userObjectId }) => userObjectId === objectId.toLowerCase());
    return historyList(call, own, jobDocument);
  }),
];

/** Artifacts of one container, oldest first; of a container that nobody has, none. */
export function artifactsIn({ artifacts }: RunHistory, origin: string, container: string): Artifact[] {
  return [...artifacts.values()].filter(
    (artifact) => artifact.origin.toLowerCase() === origin.toLowerCase() && artifact.container === container,
  );
}

export interface ArtifactPlace {
  readonly origin: string;
  readonly container: string;
  readonly path: string;
}

/** The artifact at a place. Throws 404. */
export function artifactOf({ history }: HistoryCall, { origin, container, path }: ArtifactPlace): Artifact {
  const found = history.artifacts.get(`${origin}/${container}/${path}`);
  if (!found) throw new Refusal(404, 'NotFound', `Artifact ${origin}/${container}/${path} was not found.`);
  return found;
}

/** The container that a name opens: its own, or its run's where the world says so. */
function openedBy({ history, behaviour }: HistoryCall, name: string): string {
  const run = behaviour.runIdAsContainer ? history.runs.get(name) : undefined;
  return run ? containerOf(run) : name;
}
