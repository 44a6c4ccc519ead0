import { z } from 'zod';
import { type Answer, jsonAnswer, queryList } from '../http/message.ts';
import { predictionPath } from '../storage/find.ts';
import type { Project, StoredPrediction } from '../world/model.ts';
import { deleted, operation, projectOf, type VisionCall, type VisionOperation } from './call.ts';
import { visionDate } from './dates.ts';
import { VisionRefusal } from './refusals.ts';
import { atLeast } from './versions.ts';

const mostIds = 64;
/** A query with `maxCount` 0 still gets results (recorded); how many is the service's own choice. */
const ownChoice = 50;

export const predictionOperations: readonly VisionOperation[] = [
  operation('POST /projects/{projectId}/predictions/query', 'QueryPredictions', (call, parameters) =>
    queryPredictions(call, projectOf(call, parameters)),
  ),
  operation('DELETE /projects/{projectId}/predictions', 'DeletePrediction', (call, parameters) =>
    deletePredictions(call, projectOf(call, parameters)),
  ),
];

const tokenSchema = z.object({
  session: z.string().nullish(),
  continuation: z.string().nullish(),
  maxCount: z.number().int().min(0).default(0),
  orderBy: z.enum(['Newest', 'Oldest', 'Suggested']).default('Newest'),
  tags: z.array(z.looseObject({ id: z.string() })).nullish(),
  iterationId: z.string().nullish(),
  startTime: z.string().nullish(),
  endTime: z.string().nullish(),
  application: z.string().nullish(),
});

type Token = z.output<typeof tokenSchema>;

/** The page after the token's continuation; the token comes back, its continuation null on the last page. */
function queryPredictions(call: VisionCall, project: Project): Answer {
  const token = readToken(call.request.body);
  const direction = token.orderBy === 'Oldest' ? 1 : -1;
  const rest = [...project.predictions.values()]
    .filter((prediction) => wanted(token, prediction))
    .sort((one, other) => direction * placeOf(one).localeCompare(placeOf(other)))
    .filter(
      (prediction) => !token.continuation || direction * placeOf(prediction).localeCompare(token.continuation) > 0,
    );
  const page = rest.slice(0, token.maxCount || ownChoice);
  const last = page.at(-1);
  const continuation = last && page.length < rest.length ? placeOf(last) : null;
  const empty = { tags: null, iterationId: null, startTime: null, endTime: null, application: null };
  return jsonAnswer(200, {
    token: { session: '9:133017', ...empty, ...token, continuation },
    results: page.map((prediction) => predictionDocument(call, project, prediction)),
  });
}

/** Sorts like the time of prediction; holds when others are deleted in between. */
function placeOf({ created, id }: StoredPrediction): string {
  return `${String(created).padStart(15, '0')}.${id}`;
}

function wanted({ iterationId, startTime, endTime, tags }: Token, prediction: StoredPrediction): boolean {
  if (iterationId && prediction.iterationId !== iterationId.toLowerCase()) return false;
  if (startTime && prediction.created < Date.parse(startTime)) return false;
  if (endTime && prediction.created > Date.parse(endTime)) return false;
  return !tags?.length || prediction.scores.some(({ tagId }) => tags.some(({ id }) => id === tagId));
}

function readToken(body: string): Token {
  try {
    return tokenSchema.parse(JSON.parse(body));
  } catch {
    throw new VisionRefusal('BadRequestPredictionInvalidQueryParameters', 'The query cannot be read.');
  }
}

function predictionDocument(call: VisionCall, project: Project, prediction: StoredPrediction): object {
  const link = (form: 'o' | 't') => call.links.image(predictionPath(project, prediction, form));
  const tagType = atLeast(call.version, '3.3') && { tagType: 'Regular' };
  return {
    resizedImageUri: link('o'),
    thumbnailUri: link('t'),
    originalImageUri: link('o'),
    domain: project.domainId,
    id: prediction.id,
    project: project.id,
    iteration: prediction.iterationId,
    created: visionDate(prediction.created),
    predictions: prediction.scores.map((score) => ({ ...score, ...tagType })),
  };
}

function deletePredictions(call: VisionCall, project: Project): Answer {
  const ids = queryList(call.request, 'ids').map((id) => id.toLowerCase());
  if (ids.length === 0) throw new VisionRefusal('BadRequestPredictionIdsMissing', 'ids is missing.');
  if (ids.length > mostIds) {
    throw new VisionRefusal('BadRequestPredictionIdsExceededCount', `At most ${mostIds} ids a call.`);
  }
  if (!ids.some((id) => project.predictions.has(id))) {
    throw new VisionRefusal('NotFoundImage', 'None of the predictions exists.');
  }
  return deleted(() => {
    for (const id of ids) project.predictions.delete(id);
  });
}
