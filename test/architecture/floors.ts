import type { Import, SourceFile } from './source.ts';
import { memberOf, type Node } from './syntax.ts';

/** The floors of the app, the highest first; those of one row do not know each other. */
const FLOORS: readonly (readonly string[])[] = [
  ['src/functions'],
  ['src/lib/app'],
  ['src/lib/workflow'],
  ['src/lib/steps'],
  ['src/lib/store', 'src/lib/upstream'],
  ['src/lib/plan'],
  ['src/lib/catalog', 'src/lib/api'],
  ['src/lib/domain'],
];

/** Floors that decide and describe: nothing of Azure, no file, no network. */
const PURE = ['src/lib/domain', 'src/lib/plan', 'src/lib/catalog', 'src/lib/api'];
/** What a deterministic orchestrator may know by type only. */
const ONLY_TYPES_FOR_WORKFLOW = ['src/lib/steps', 'src/lib/store', 'src/lib/upstream'];
/** Who may not know whom beside the floors. The simulator must not share the catalogue's mistakes; the host runs any app. */
const STRANGERS: readonly (readonly [from: string, of: string])[] = [
  ...['src', 'client', 'console', 'cli'].flatMap((from) =>
    ['local', 'test', 'scripts'].map((of) => [from, of] as const),
  ),
  ['src', 'console'],
  ['src', 'cli'],
  ['src', 'client'],
  ['client', 'cli'],
  ['client', 'console'],
  // The command line reads what the app wrote, offline, and the client speaks to it: both need its shapes and nothing that reaches Azure.
  ...['functions', 'lib/app', 'lib/workflow', 'lib/steps', 'lib/store', 'lib/upstream'].flatMap((of) =>
    ['client', 'cli'].map((from) => [from, `src/${of}`] as const),
  ),
  ['local', 'test'],
  ['local/simulator', 'src'],
  ['local/simulator', 'local/host'],
  ['local/simulator', 'cli'],
  ['local/simulator', 'client'],
  ['local/host', 'src'],
  ['local/host', 'local/simulator'],
  ['local/host', 'cli'],
  ['local/host', 'client'],
];
const SIDE_EFFECTS =
  /^(@azure\/|durable-functions$|node:(fs|net|http|https|http2|child_process|worker_threads|sqlite|dgram|tls)(\/|$))/;

/** The interface of src/lib/domain/telemetry.ts is all that the other floors know of how they are watched. */
const TELEMETRY = /^@opentelemetry\//;

const isIn = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);
const floorOf = (path: string): string | undefined => FLOORS.flat().find((floor) => isIn(path, floor));
const heightOf = (floor: string): number => FLOORS.length - FLOORS.findIndex((row) => row.includes(floor));

function floorFault(path: string, one: Import): string | undefined {
  const from = floorOf(path);
  const to = floorOf(one.of);
  if (!from || !to || from === to) return undefined;
  if (heightOf(to) > heightOf(from)) return `${path} imports ${one.of}, which is a floor above.`;
  if (heightOf(to) === heightOf(from)) return `${path} imports ${one.of}: these floors do not know each other.`;
  if (from === 'src/lib/workflow' && ONLY_TYPES_FOR_WORKFLOW.includes(to) && !one.typesOnly) {
    return `${path} imports more than types of ${one.of}: orchestrators are deterministic.`;
  }
  return undefined;
}

function strangerFault(path: string, one: Import): string | undefined {
  const met = STRANGERS.find(([from, of]) => isIn(path, from) && isIn(one.of, of));
  return met ? `${path} imports ${one.of}: ${met[0]} must not know ${met[1]}.` : undefined;
}

function packageFault(path: string, one: Import): string | undefined {
  const pure = PURE.some((floor) => isIn(path, floor));
  if (pure && SIDE_EFFECTS.test(one.of)) return `${path} imports ${one.of}: this floor is pure.`;
  if (TELEMETRY.test(one.of) && isIn(path, 'src') && !isIn(path, 'src/lib/app/telemetry')) {
    return `${path} imports ${one.of}: only src/lib/app/telemetry may.`;
  }
  const workflow = isIn(path, 'src/lib/workflow') && !one.typesOnly && one.of !== 'durable-functions';
  return workflow && SIDE_EFFECTS.test(one.of)
    ? `${path} imports ${one.of}: orchestrators are deterministic.`
    : undefined;
}

const importFault = (path: string, one: Import): string | undefined =>
  one.ours ? (strangerFault(path, one) ?? floorFault(path, one)) : packageFault(path, one);

/** `process.env`, or `env` taken from `node:process`. */
function readsEnvironment(node: Node): boolean {
  if (node.type === 'MemberExpression') {
    return memberOf(node, 'object')?.name === 'process' && memberOf(node, 'property')?.name === 'env';
  }
  if (node.type !== 'ImportDeclaration') return false;
  return ['node:process', 'process'].some((name) => memberOf(node, 'source')?.value === name);
}

function environmentFaults({ path, tree }: SourceFile): readonly string[] {
  if (!isIn(path, 'src') || isIn(path, 'src/lib/app')) return [];
  return tree.nodes.some(readsEnvironment) ? [`${path} reads the environment: only src/lib/app may.`] : [];
}

/** A file of the app that stands on no floor escapes every rule. */
const homelessFaults = ({ path }: SourceFile): readonly string[] =>
  isIn(path, 'src') && !floorOf(path) ? [`${path} stands on no floor.`] : [];

/** A sentence for each import and each look at the environment that the floors forbid. */
export const floorFaults = (files: readonly SourceFile[]): readonly string[] =>
  files.flatMap((file) => [
    ...file.imports.flatMap((one) => importFault(file.path, one) ?? []),
    ...environmentFaults(file),
    ...homelessFaults(file),
  ]);
