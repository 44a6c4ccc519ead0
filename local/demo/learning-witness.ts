import { z } from 'zod';
import { counted } from './text.ts';

const count = z.number();

/** The Azure ML part of the simulator's snapshot, as far as the demo looks at it. */
export const learningSchema = z.object({
  experimentationAccounts: z.array(
    z.object({
      workspaces: z.array(z.string()),
      projects: z.array(
        z.object({ experiments: count, runs: count, metrics: count, artifacts: count, assets: count, jobs: count }),
      ),
    }),
  ),
  hostingAccounts: z.array(z.object({ models: count, manifests: count, images: count, services: count })),
  files: count,
});

/** What the accounts of Azure ML hold: how much of each kind, in the order in which it is told. */
export type LearningHoldings = Readonly<Record<string, number>>;

/** Sums over all accounts. Metrics, assets and jobs are told together with the runs that they belong to. */
export function learningHoldings({
  experimentationAccounts,
  hostingAccounts,
  files,
}: z.infer<typeof learningSchema>): LearningHoldings {
  const projects = experimentationAccounts.flatMap((account) => account.projects);
  const sum = <T>(all: readonly T[], of: (one: T) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    account: experimentationAccounts.length + hostingAccounts.length,
    workspace: sum(experimentationAccounts, ({ workspaces }) => workspaces.length),
    project: projects.length,
    experiment: sum(projects, ({ experiments }) => experiments),
    run: sum(projects, ({ runs }) => runs),
    metric: sum(projects, ({ metrics }) => metrics),
    artifact: sum(projects, ({ artifacts }) => artifacts),
    asset: sum(projects, ({ assets }) => assets),
    job: sum(projects, ({ jobs }) => jobs),
    model: sum(hostingAccounts, ({ models }) => models),
    manifest: sum(hostingAccounts, ({ manifests }) => manifests),
    image: sum(hostingAccounts, ({ images }) => images),
    service: sum(hostingAccounts, ({ services }) => services),
    file: files,
  };
}

/** `2 accounts, 1 workspace, …` */
export const learningText = (held: LearningHoldings): string =>
  Object.entries(held)
    .map(([kind, number]) => counted(number, kind))
    .join(', ');

/** How many things there are, of whatever kind. */
export const learningSum = (held: LearningHoldings): number =>
  Object.values(held).reduce((total, number) => total + number, 0);
