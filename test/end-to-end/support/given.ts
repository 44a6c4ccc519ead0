import { z } from 'zod';
import type { Stage } from './stage.ts';

const list = z.looseObject({ value: z.array(z.unknown()) });
const elements = (json: unknown): readonly unknown[] => list.parse(json).value;
const whole = (json: unknown): readonly unknown[] => [json];

/** In which answers the documents of each family stand, and their parts: read by itself where the source document says so. */
const SAID: Readonly<Record<string, readonly [family: string, read: (json: unknown) => readonly unknown[]]>> = {
  Accounts_Get: ['exp-account', whole],
  Workspaces_ListByAccounts: ['exp-workspaces', elements],
  Projects_ListByWorkspace: ['exp-projects', elements],
  GetRun: ['exp-runs', whole],
  GetExperiment: ['exp-experiments', whole],
  ListRunMetrics: ['exp-run-metrics', elements],
  ListRunArtifacts: ['exp-run-artifacts', elements],
  ListAssets: ['exp-assets', elements],
  GetAssetByName: ['exp-assets#by-name', whole],
  ListArtifacts: ['exp-artifacts', elements],
  ListJobs: ['exp-notifications', elements],
  '<GetHostingAccount>': ['mm-account', whole],
  ListModels: ['mm-models', elements],
  ListManifests: ['mm-manifests', elements],
  ListImages: ['mm-images', elements],
  ListServices: ['mm-services', elements],
  MachineLearningCompute_Get: ['compute-clusters', whole],
  OperationalizationClusters_Get: ['operationalization-clusters', whole],
  Experiments_GetByQuery: ['ml-experiments', elements],
  Runs_GetByQuery: ['ml-runs', elements],
  RunMetrics_GetByQuery: ['ml-run-metrics', elements],
  Artifacts_ListInContainer: ['ml-artifacts', elements],
  MLModels_ListQuery: ['ml-models', elements],
  Services_ListQuery: ['ml-services', elements],
  Assets_ListQuery: ['ml-assets', elements],
};

/** Every document that the services have given below a path, by family, as JSON; masked as an export must be. */
export function givenDocuments(stage: Stage, path: RegExp): Map<string, Set<string>> {
  const given = new Map<string, Set<string>>();
  for (const { operation, path: asked, status, json } of stage.answers) {
    const [family, read] = SAID[operation] ?? [];
    if (family === undefined || read === undefined || status !== 200 || !path.test(asked)) continue;
    const documents = given.get(family) ?? new Set();
    for (const document of read(json)) documents.add(maskedJson(document));
    given.set(family, documents);
  }
  return given;
}

const SECRETS = ['administratorAccount', 'secret', 'accessKey', 'apiKey', 'key', 'cert'];

/** Where secrets are planted or stand in examples, and signatures of links: written here anew. */
export function maskedJson(document: unknown): string {
  const text = JSON.stringify(document, (name, value: unknown) => {
    const planted = typeof value === 'string' && value.startsWith('PLANTED-SECRET-');
    return planted || SECRETS.includes(name) ? '<masked>' : value;
  });
  return text.replaceAll(/([?&])sig=[^&"]*/g, '$1sig=<masked>');
}
