import type { SourceFile } from './source.ts';
import { ancestorsOf, isFunction, lineOf, memberOf, membersOf, type Node, type Tree } from './syntax.ts';
import { calledName, findHolders, type Holder, holderAt, isCombination, isWithin } from './task-holders.ts';

const LOOPS = new Set(['ForStatement', 'ForOfStatement', 'ForInStatement', 'WhileStatement', 'DoWhileStatement']);
const FILLING = new Set(['push', 'set', 'add', 'unshift']);

/** Reading a task's state schedules nothing. */
function isLookedAtOnly(tree: Tree, identifier: Node): boolean {
  const parent = tree.parents.get(identifier);
  if (parent?.type === 'BinaryExpression') return true;
  if (parent?.type !== 'MemberExpression' || memberOf(parent, 'object') !== identifier) return false;
  const name = memberOf(parent, 'property')?.name;
  return ['cancel', 'isCompleted', 'isFaulted', 'isCanceled', 'result', 'length', 'size', ...FILLING].includes(
    String(name),
  );
}

/**
 * The expression that hands a task on: the outermost `yield`, `any` or `all` around it, or what moves it into another holder (an array, a
 * variable, a `push`, a `return`, a loop's head).
 */
function handingOn(tree: Tree, identifier: Node): Node | undefined {
  if (isLookedAtOnly(tree, identifier)) return undefined;
  let found: Node | undefined;
  let below = identifier;
  for (const above of ancestorsOf(tree, identifier)) {
    if (isFunction(above) && isWithin(identifier, memberOf(above, 'body') ?? above) && !isCallback(tree, above)) break;
    const moves =
      above.type === 'YieldExpression' ||
      isCombination(above) ||
      ['ArrayExpression', 'ReturnStatement', 'Property', 'AssignmentExpression'].includes(above.type) ||
      (above.type === 'VariableDeclarator' && memberOf(above, 'init') === below) ||
      (above.type === 'ForOfStatement' && memberOf(above, 'right') === below) ||
      (above.type === 'CallExpression' && FILLING.has(calledName(above) ?? ''));
    if (moves) found = above;
    if (/Statement$|Declaration$/.test(above.type)) break;
    below = above;
  }
  return found;
}

const isCallback = (tree: Tree, node: Node): boolean => tree.parents.get(node)?.type === 'CallExpression';

/** A loop or a callback that may run a use again, while the variable stays the same. */
const isRepeated = (tree: Tree, use: Node, holder: Holder): boolean =>
  [...ancestorsOf(tree, use)].some((above) => {
    if (!isWithin(above, holder.scope) || above === holder.scope) return false;
    if (LOOPS.has(above.type)) return membersOf(above, 'body').some((body) => isWithin(use, body));
    return isFunction(above) && isCallback(tree, above);
  });

function holderFaults({ path, tree }: SourceFile, holder: Holder, holders: readonly Holder[]): readonly string[] {
  const references = tree.nodes.filter(
    (node) =>
      node.type === 'Identifier' &&
      node !== holder.declared &&
      holderAt(holders, node) === holder &&
      isReference(tree, node),
  );
  const uses = [...new Set(references.flatMap((node) => handingOn(tree, node) ?? []))];
  const where = (node: Node): string => `${path}:${lineOf(tree, node)}`;
  const repeated = uses.filter((use) => isRepeated(tree, use, holder));
  return [
    ...(uses.length > 1
      ? [
          `${where(uses[1] ?? holder.declared)}: ${holder.name} is handed on a second time; a task that is yielded again is scheduled again.`,
        ]
      : []),
    ...repeated.map(
      (use) =>
        `${where(use)}: ${holder.name} is handed on in a loop that did not make it; a task that is yielded again is scheduled again.`,
    ),
  ];
}

/** Names of members and of properties are no references to variables. */
function isReference(tree: Tree, identifier: Node): boolean {
  const parent = tree.parents.get(identifier);
  if (parent?.type === 'MemberExpression') return memberOf(parent, 'object') === identifier || parent.computed === true;
  if (parent?.type === 'Property') return memberOf(parent, 'value') === identifier;
  return true;
}

/**
 * A sentence for each variable whose task may be yielded, or combined, twice. The durable extension schedules such a task again (measured on
 * the genuine host), so a task object goes into one `yield`, `any` or `all`. Stricter than need be: two branches of an `if` count as two.
 */
export function taskFaults(files: readonly SourceFile[]): readonly string[] {
  const alone = files.map(({ tree }) => findHolders(tree).makers);
  const makers = new Set(alone.flatMap((names) => [...names]));
  return files.flatMap((file) => {
    const { holders } = findHolders(file.tree, makers);
    return [...new Set(holders.flatMap((holder) => holderFaults(file, holder, holders)))];
  });
}
