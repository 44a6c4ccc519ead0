import { jsonAnswer } from '../http/message.ts';
import { randomFrom } from '../seeded.ts';
import type { Iteration, ModelExport } from '../world/model.ts';
import { iterationOf, operation, projectOf, type VisionCall, type VisionOperation } from './call.ts';
import { VisionRefusal } from './refusals.ts';

/** What a trained iteration offers: its performance and its exported models. */
export const trainedResultOperations: readonly VisionOperation[] = [
  operation(
    'GET /projects/{projectId}/iterations/{iterationId}/performance',
    'GetIterationPerformance',
    (call, parameters) => {
      const iteration = iterationOf(projectOf(call, parameters), parameters);
      if (iteration.status !== 'Completed') {
        throw new VisionRefusal('BadRequestIterationIsNotTrained', 'The iteration is not trained.');
      }
      return jsonAnswer(200, performanceDocument(iteration));
    },
  ),
  operation('GET /projects/{projectId}/iterations/{iterationId}/export', 'GetExports', (call, parameters) => {
    const iteration = iterationOf(projectOf(call, parameters), parameters);
    return jsonAnswer(
      200,
      iteration.exports.map((entry) => readExport(call, entry)),
    );
  }),
];

function performanceDocument(iteration: Iteration): object {
  const random = randomFrom(`performance ${iteration.id}`);
  const measures = () => ({
    precision: random.next(),
    precisionStdDeviation: random.next() / 10,
    recall: random.next(),
    recallStdDeviation: random.next() / 10,
    averagePrecision: random.next() < 0.2 ? null : random.next(),
  });
  const perTagPerformance = [...iteration.trainingSet.tags.values()].map(({ id, name }) => ({
    id,
    name,
    ...measures(),
  }));
  return { perTagPerformance, ...measures() };
}

/** As recorded: while exporting there is no link yet. */
function readExport(call: VisionCall, entry: ModelExport): object {
  const done = entry.readsLeft === 0;
  if (!done) entry.readsLeft -= 1;
  return {
    platform: entry.platform,
    status: done ? 'Done' : 'Exporting',
    downloadUri: done ? call.links.exported(entry.path) : null,
    flavor: entry.flavor,
    newerVersionAvailable: false,
  };
}
