/*
 * Every kind of side effect of an export and of an erasure, in the order of their first coming: the numbered points at which the app is
 * killed. A clean run must come by exactly these; a test sees to it, so that a new side effect is added here.
 */
export const submitted = [
  'PUT keys/*',
  'PUT record.json: received',
  'PUT journal.ndjson',
  'PUT appendblock journal.ndjson: received',
  'POST message for a request',
  'PUT record.json: run-claimed 1',
  'PUT appendblock journal.ndjson: run-claimed 1',
  'PUT record.json: begin',
  'PUT appendblock journal.ndjson: begin',
  'PUT tasks-1.json',
] as const;

/** A phase of a task: its round, its first slice. */
export const phase = (name: string): string[] => [
  `PUT round.json: ${name}`,
  `PUT open/${name}-root.json`,
  `POST message for a slice: ${name}-root`,
  `PUT progress.json: ${name}`,
  `PUT metadata open/${name}-root.json`,
  `PUT done/${name}-root.ndjson`,
  `DELETE open/${name}-root.json`,
  `PUT progress.json: ${name} finished`,
];

/** Slices that the first slice of a phase leaves to be done. */
const further = (name: string): string[] => [
  `PUT open/${name}-*.json`,
  `POST message for a slice: ${name}-*`,
  `PUT metadata open/${name}-*.json`,
  `PUT done/${name}-*.ndjson`,
  `DELETE open/${name}-*.json`,
];

/** Those that the message of the first slice carries: they have none of their own, and begin with their opening. */
const carried = (name: string): string[] => [
  `PUT open/${name}-*.json`,
  `PUT done/${name}-*.ndjson`,
  `DELETE open/${name}-*.json`,
];

const finished = [
  'PUT record.json: finish',
  'PUT appendblock journal.ndjson: finish',
  'DELETE targets/*/exports/*',
  'DELETE targets/*/waiting/*',
] as const;

const ended = [
  'PUT receipt.json',
  'PUT record.json: complete',
  'PUT appendblock journal.ndjson: complete',
  'PUT targets/*/pace.json',
] as const;

/** Who has read what is noted when it is read. */
const read = (what: string): string[] => [`PUT record.json: ${what}`, `PUT appendblock journal.ndjson: ${what}`];

/** An export that nobody had to decide upon. */
export const proceeded = [
  'PUT record.json: proceed',
  'PUT appendblock journal.ndjson: proceed',
  'PUT targets/*/exports/*',
] as const;

/** All of an export from its first slice on, to the reading of its package. */
export const exported = [
  ...phase('export'),
  'PUT content/*',
  ...finished,
  ...phase('package'),
  ...carried('package'),
  'PUT package-001.zip',
  'PUT manifest.json',
  ...ended,
  ...read('receipt-downloaded'),
  ...read('package-listed'),
  ...read('package-downloaded'),
];

/** A plan that somebody decided upon, and the second run. */
export const approved = [
  'PUT plan.json',
  'PUT record.json: ask',
  'PUT appendblock journal.ndjson: ask',
  'PUT record.json: approve',
  'PUT appendblock journal.ndjson: approve',
  'PUT record.json: run-claimed 2',
  'PUT appendblock journal.ndjson: run-claimed 2',
] as const;

/** From the submission of a delete over its decision to the start of its second run. */
export const decided = [...submitted, ...phase('inventory'), ...approved, 'PUT targets/*/destroyer.json'];

/** All of an erasure from its second run on; `calls` are what it does upstream. */
export const erased = (...calls: readonly string[]): string[] => [
  ...phase('erase'),
  ...further('erase'),
  'PUT metadata open/erase-*.json, marked',
  ...calls,
  ...phase('prove'),
  ...carried('prove'),
  ...finished,
  'DELETE targets/*/destroyer.json',
  ...ended,
  ...read('receipt-downloaded'),
];

export const POINTS: Readonly<Record<'export' | 'delete', readonly string[]>> = {
  export: [...submitted, ...proceeded, ...exported],
  delete: [
    ...decided,
    ...erased(
      'DELETE upstream /projects/*/iterations/*/publish',
      'DELETE upstream /projects/*/iterations/*',
      'DELETE upstream /projects/*/images',
      'DELETE upstream /projects/*/tags/*',
      'DELETE upstream /projects/*/predictions',
      'DELETE upstream /projects/*',
    ),
  ],
};

/** Side effects of the first request of an installation only: no point of every run. */
export const ONCE: ReadonlySet<string> = new Set(['PUT holds-key.json']);
