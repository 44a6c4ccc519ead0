import type { SourceFile } from './source.ts';
import { isFunction, lineOf, membersOf, type Node } from './syntax.ts';

const LONGEST_FILE = 300;
const MEDIAN_FILE = 90;
const LONGEST_FUNCTION = 60;
const NINE_IN_TEN_FUNCTIONS = 35;
const MOST_PARAMETERS = 3;

const linesOf = (text: string): number => text.trimEnd().split('\n').length;

/** The value that `share` of all values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

interface Measured {
  readonly where: string;
  readonly lines: number;
  readonly parameters: number;
}

function measureFunctions({ path, tree }: SourceFile): readonly Measured[] {
  const measure = (node: Node): Measured => ({
    where: `${path}:${lineOf(tree, node)}`,
    lines: linesOf(tree.text.slice(node.start, node.end)),
    parameters: membersOf(node, 'params').length,
  });
  return tree.nodes.filter(isFunction).map(measure);
}

/** The largest files and functions, for the curious and for the closing notes. */
export function largest(files: readonly SourceFile[], count: number): readonly string[] {
  const sizes = files.map(({ path, tree }) => ({ where: path, lines: linesOf(tree.text) }));
  const top = (all: readonly { where: string; lines: number }[]): readonly string[] =>
    all
      .toSorted((a, b) => b.lines - a.lines)
      .slice(0, count)
      .map(({ where, lines }) => `${lines} ${where}`);
  return [...top(sizes), ...top(files.flatMap(measureFunctions))];
}

/** A sentence for each file or function over its budget. */
export function budgetFaults(files: readonly SourceFile[]): readonly string[] {
  const sizes = files.map(({ path, tree }) => ({ path, lines: linesOf(tree.text) }));
  const functions = files.flatMap(measureFunctions);
  const median = quantile(
    sizes.map(({ lines }) => lines),
    0.5,
  );
  const most = quantile(
    functions.map(({ lines }) => lines),
    0.9,
  );
  return [
    ...sizes.filter(({ lines }) => lines > LONGEST_FILE).map(({ path, lines }) => `${path} has ${lines} lines.`),
    ...(median > MEDIAN_FILE ? [`The median file has ${median} lines.`] : []),
    ...(most > NINE_IN_TEN_FUNCTIONS ? [`One function in ten has more than ${most} lines.`] : []),
    ...functions
      .filter(({ lines }) => lines > LONGEST_FUNCTION)
      .map(({ where, lines }) => `${where}: a function of ${lines} lines.`),
    ...functions
      .filter(({ parameters }) => parameters > MOST_PARAMETERS)
      .map(({ where, parameters }) => `${where}: ${parameters} parameters.`),
  ];
}
