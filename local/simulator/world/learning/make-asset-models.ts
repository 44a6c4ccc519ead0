import { randomFrom } from '../../seeded.ts';
import type { StoredFile } from './file.ts';
import type { LearningWorkspace } from './model.ts';
import type { RegisteredModel } from './registry.ts';

interface AssetPlan {
  readonly seed: string;
  readonly files: Map<string, StoredFile>;
  readonly workspace: Pick<LearningWorkspace, 'history' | 'registry'>;
}

/**
 * Registers the first models the way Microsoft's client does (azureml-core, `Model.register`): their files are uploaded as artifacts of origin
 * `LocalUpload`, an asset names them, the model names the asset.
 */
export function registerAsAssets(plan: AssetPlan, amount: number): void {
  const models = [...plan.workspace.registry.models.values()].slice(0, amount);
  for (const [index, model] of models.entries()) addAsset(plan, model, index % 2 === 1);
}

function addAsset({ seed, files, workspace }: AssetPlan, model: RegisteredModel, hasPrefix: boolean): void {
  const { history, registry } = workspace;
  const random = randomFrom(`${seed}/asset of ${model.id}`);
  const [asset, origin, container] = [random.hex(32), 'LocalUpload', `200229T120000-${random.hex(8)}`];
  const add = (path: string, file: string) => {
    const id = `${origin}/${container}/${path}`;
    history.artifacts.set(id, { id, created: model.created, origin, container, path, file });
    return id;
  };
  const { name, created, runId } = model;
  const first = add(hasPrefix ? `${name}/saved model.pb` : `${name}.pkl`, model.file);
  if (hasPrefix) {
    const file = `/l-${random.hex(32)}/variables`;
    files.set(file, { seed: `${seed}${file}`, bytes: 700, mediaType: 'application/octet-stream' });
    add(`${name}/variables/variables.data-00000-of-00001`, file);
  }
  const artifacts = [hasPrefix ? { prefix: `${origin}/${container}/${name}/` } : { id: first }];
  history.assets.set(asset, {
    id: asset,
    created,
    name,
    description: 'Registered as a model',
    runId,
    artifacts,
    tags: {},
  });
  registry.models.set(model.id, { ...model, asset });
}
