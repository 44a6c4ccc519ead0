import { randomFrom } from '../../seeded.ts';
import type { StoredFile } from './file.ts';
import { fillHistory } from './make-history.ts';
import type { ExperimentationAccount, ExperimentationProject, ExperimentationWorkspace } from './model.ts';
import { type ExperimentationSizes, type HistorySizes, historyOptionsSchema } from './options.ts';
import { type ArmPlace, type Person, seedOf } from './place.ts';
import { emptyHistory } from './run-history.ts';

export interface AccountPlan {
  readonly seed: string;
  readonly place: ArmPlace;
  readonly people: readonly Person[];
  readonly files: Map<string, StoredFile>;
}

type WorkspaceWish = Exclude<ExperimentationSizes['workspaces'], number>[number];
type ProjectWish = HistorySizes & { readonly name?: string | undefined };

/** Makes an experimentation account with its workspaces and their projects. */
export function makeExperimentation(
  plan: AccountPlan,
  wishes: ExperimentationSizes['workspaces'],
): ExperimentationAccount {
  const { place, seed } = plan;
  const accountId = randomFrom(seedOf(seed, place)).uuid();
  const workspaces = manyOf<WorkspaceWish>(wishes, { projects: 1 }).map((wish, index) =>
    makeWorkspace(plan, wish, index),
  );
  const byName = new Map(workspaces.map((workspace) => [workspace.name.toLowerCase(), workspace]));
  return { ...place, accountId, friendlyName: `Experimente “${place.name}”`, workspaces: byName };
}

function makeWorkspace(plan: AccountPlan, wish: WorkspaceWish, index: number): ExperimentationWorkspace {
  const name = wish.name ?? `workspace${index + 1}`;
  const projects = manyOf<ProjectWish>(wish.projects, historyOptionsSchema.parse({})).map((sizes, ordinal) =>
    makeProject(plan, name, { sizes, ordinal }),
  );
  return {
    workspaceId: randomFrom(seedOf(plan.seed, plan.place, name)).uuid(),
    name,
    friendlyName: `Werkraum ${index + 1}`,
    description: '',
    created: plan.place.created + index,
    projects: new Map(projects.map((project) => [project.name.toLowerCase(), project])),
  };
}

function makeProject(
  { seed, place, people, files }: AccountPlan,
  workspace: string,
  { sizes, ordinal }: { readonly sizes: ProjectWish; readonly ordinal: number },
): ExperimentationProject {
  const name = sizes.name ?? `project${ordinal + 1}`;
  const ownSeed = seedOf(seed, place, workspace, name);
  const history = emptyHistory();
  fillHistory({ seed: ownSeed, history, sizes, people, files, created: place.created });
  return {
    projectId: randomFrom(ownSeed).uuid(),
    name,
    friendlyName: ordinal === 0 ? '顧客離れ & co.' : `Project ${ordinal + 1}`,
    description: 'Made by the simulator',
    created: place.created + ordinal,
    history,
  };
}

function manyOf<Wish>(wishes: number | readonly Wish[], usual: Wish): readonly Wish[] {
  return typeof wishes === 'number' ? Array.from({ length: wishes }, () => usual) : wishes;
}
