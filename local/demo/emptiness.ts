import type { Receipt } from '../../src/lib/domain/receipt.ts';
import { expectThat } from './fault.ts';
import { learningSum, learningText } from './learning-witness.ts';
import type { Scene } from './scene.ts';
import { counted } from './text.ts';
import { liveLinks, lookUpstream, type UpstreamHoldings } from './witness.ts';

/** `2 resources, 3 projects, …` */
export const holdingsText = (held: UpstreamHoldings): string =>
  [
    counted(held.resources, 'resource'),
    counted(held.projects, 'project'),
    counted(held.iterations, 'iteration'),
    counted(held.tags, 'tag'),
    counted(held.imageLinks.length, 'image'),
    counted(held.predictions, 'stored prediction'),
    counted(held.exportedModels, 'exported model'),
  ].join(', ');

/**
 * Looks upstream again, without the app, after everything was erased.
 * @param before what lay there at first; its links are tried again.
 * @returns how many things are left that should be gone: 0.
 * @throws DemoFault when something is left, or something else is missing.
 */
export async function showEmptiness(scene: Scene, before: UpstreamHoldings, receipt: Receipt): Promise<number> {
  const { screen } = scene;
  screen.heading('3. Upstream, looked at again without the app');
  const after = await lookUpstream(scene.simulatorUrl);
  const live = await liveLinks(before.imageLinks);
  screen.fact('before', holdingsText(before), learningText(before.learning));
  screen.fact('after', holdingsText(after), learningText(after.learning));
  screen.fact(
    'links',
    `${before.imageLinks.length - live} of ${before.imageLinks.length} links to images now answer 404`,
  );
  const { projects, iterations, tags, predictions, pending } = after;
  const vision = projects + iterations + tags + after.imageLinks.length + predictions + live;
  const left = vision + learningSum(after.learning) + pending;
  expectThat(left === 0, `${counted(left, 'thing')} that should be gone can still be found upstream.`);
  const kept = keptModels(receipt);
  expectThat(after.exportedModels === kept, `${kept} exported models were kept; there are ${after.exportedModels}.`);
  screen.fact('kept', `${counted(kept, 'exported model')}, which the receipt leaves to people`);
  return left;
}

const keptModels = ({ revisions }: Receipt): number =>
  revisions
    .filter(({ carriedOut }) => carriedOut)
    .flatMap(({ tasks }) => tasks)
    .filter(({ family }) => family === 'cv-exported-models')
    .reduce((sum, { counts }) => sum + counts.kept, 0);
