import type { Project, VisionResource } from '../../../../local/simulator/world/model.ts';

const key = (...parts: readonly string[]): string => parts.map(encodeURIComponent).join('/');

/** Images of a project, each once, wherever they lie. */
export const imagesOf = (project: Project): string[] => [
  ...new Set([
    ...project.workspace.images.keys(),
    ...[...project.iterations.values()].flatMap(({ trainingSet }) => [...trainingSet.images.keys()]),
  ]),
];

const KEYS_OF: Readonly<Record<string, (project: Project) => string[]>> = {
  'cv-projects': ({ id }) => [key('cv-projects', id)],
  'cv-iterations': ({ id, iterations }) => [...iterations.keys()].map((own) => key('cv-iterations', id, own)),
  'cv-tags': ({ id, workspace }) => [...workspace.tags.keys()].map((own) => key('cv-tags', id, own)),
  'cv-images': (project) => imagesOf(project).map((own) => key('cv-images', project.id, own)),
  'cv-exported-models': ({ id, iterations }) =>
    [...iterations.values()].flatMap((iteration) =>
      iteration.exports.map(({ platform, flavor }) =>
        key('cv-exported-models', id, iteration.id, `${platform}+${flavor ?? ''}`),
      ),
    ),
};

/** The keys of a family's items as the world itself has them now, sorted. */
export function keysIn(resource: VisionResource, family: string): string[] {
  const of = KEYS_OF[family];
  if (!of) throw new Error(`No family is called ${family}.`);
  return [...resource.projects.values()].flatMap(of).sort();
}
