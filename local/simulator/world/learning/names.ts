/** Titles with quotes, commas and other scripts: whatever reads them must cope. */
const wildTitles = [
  'Größe & “Maß”',
  '山田太郎の実験',
  "O'Brien; <b>x</b>",
  'a/b\\c, d',
  'percent %41 + plus',
  'emoji 🧪',
];

/** Paths with every kind of character that storage allows; the last one takes the whole 300. */
const wildPaths = [
  'outputs/modèle final (1).pkl',
  'logs/50% done + more & why?.txt',
  'outputs/山田/結果#1.csv',
  "azureml-logs/a'b;c=d,e@f!$~[x].log",
  `outputs/${'deep/'.repeat(40)}${'n'.repeat(300 - 8 - 200 - 4)}.bin`,
];

const plainPaths = ['outputs/model.pkl', 'azureml-logs/driver_log.txt', 'outputs/metrics.json'];

/** The name of the nth thing: wild ones first where asked for. */
export function titleOf(kind: string, ordinal: number, wild: boolean): string {
  return (wild && wildTitles[ordinal]) || `${kind} ${ordinal + 1}`;
}

/** The path of a run's nth artifact. `turn` moves the choice on from run to run. */
export function artifactPath(ordinal: number, turn: number, wild: boolean): string {
  const choices = wild && ordinal > 0 ? wildPaths : plainPaths;
  const round = Math.floor(ordinal / choices.length);
  const path = choices[(ordinal + turn) % choices.length] ?? '';
  return round === 0 ? path : `part-${round}/${path}`;
}
