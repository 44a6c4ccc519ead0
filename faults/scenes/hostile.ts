import type { Random } from '../../local/simulator/seeded.ts';
import type { ExperimentationAccount } from '../../local/simulator/world/learning/model.ts';
import type { RunHistory } from '../../local/simulator/world/learning/run-history.ts';
import type { Image, Project, TrainingSet } from '../../local/simulator/world/model.ts';

/** Names that somebody may give to things upstream, and that hurt whoever takes a name for a path, for markup or for a formula. */
export const HOSTILE_NAMES = [
  '../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  'C:\\Users\\Public\\x.exe',
  '/absolute/path',
  'CON',
  'aux.txt',
  'LPT1.log',
  'before\u0000after.png',
  'W'.repeat(1000),
  '<script>document.title="taken"</script>',
  '"><img src=x onerror=alert(1)>',
  '=HYPERLINK("http://x.example","y")',
  '+1+1',
  '@SUM(1)',
  '-2+3',
  'invoice\u202Egnp.exe',
  '\u2066isolated\u2069',
  'trailing. ',
  'a:b*c?d|e',
  '%2e%2e%2fescaped',
  'line\r\nbreak',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that a careless logger would look up.
  '${jndi:ldap://x.example/a}',
] as const;

/** Names in an order that is drawn, over and over. */
function namesFrom(random: Random): () => string {
  let index = random.integer(0, HOSTILE_NAMES.length - 1);
  return () => {
    index = (index + 1) % HOSTILE_NAMES.length;
    return HOSTILE_NAMES[index] ?? HOSTILE_NAMES[0];
  };
}

/** A project, its tags, iterations and images with hostile names, instead of itself. */
export function hostileProject(project: Project, random: Random): Project {
  const next = namesFrom(random);
  for (const iteration of project.iterations.values()) {
    iteration.name = next();
    rename(iteration.trainingSet, next);
  }
  rename(project.workspace, next);
  return { ...project, name: next(), description: next() };
}

function rename({ tags, images }: TrainingSet, next: () => string): void {
  for (const [id, tag] of tags) tags.set(id, { ...tag, name: next(), description: next() });
  for (const [id, image] of images) images.set(id, named(image, next()));
}

const named = (image: Image, name: string): Image => ({
  ...image,
  metadata: { ...image.metadata, name, [name.slice(0, 64)]: 'x' },
});

/** Runs, assets and artifacts with hostile names. */
export function hostileAccount(account: ExperimentationAccount, random: Random): void {
  const next = namesFrom(random);
  for (const workspace of account.workspaces.values()) {
    for (const { history } of workspace.projects.values()) hostileHistory(history, next);
  }
}

function hostileHistory({ runs, assets, artifacts }: RunHistory, next: () => string): void {
  for (const [id, run] of runs) runs.set(id, { ...run, name: next(), tags: { ...run.tags, note: next() } });
  for (const [id, asset] of assets) assets.set(id, { ...asset, name: next(), description: next() });
  for (const [place, artifact] of [...artifacts]) {
    const path = next();
    const id = `${artifact.origin}/${artifact.container}/${path}`;
    artifacts.delete(place);
    artifacts.set(id, { ...artifact, id, path });
  }
}
