import { ancestorsOf, childrenOf, isFunction, memberOf, membersOf, type Node, type Tree } from './syntax.ts';

/** Calls of durable-functions 3.x that make a task. */
const TASK_MAKERS = new Set([
  'callActivity',
  'callActivityWithRetry',
  'callEntity',
  'callHttp',
  'callSubOrchestrator',
  'callSubOrchestratorWithRetry',
  'createTimer',
  'waitForExternalEvent',
]);
const COMBINERS = new Set(['any', 'all']);
/** Calls whose value holds what their callback, or the object they are called on, holds. */
const CARRIERS = new Set([
  'map',
  'flatMap',
  'from',
  'filter',
  'concat',
  'slice',
  'toSorted',
  'values',
  'entries',
  'fromEntries',
]);
const WRAPPERS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'ParenthesizedExpression',
  'SpreadElement',
]);

/** A variable that holds a task, or a collection of tasks. */
export interface Holder {
  readonly name: string;
  /** The identifier that declares it. */
  readonly declared: Node;
  /** Block, loop or function within which the name means this variable. */
  readonly scope: Node;
}

export const calledName = (call: Node): string | undefined => {
  const callee = memberOf(call, 'callee');
  const name = callee?.type === 'MemberExpression' ? memberOf(callee, 'property')?.name : callee?.name;
  return typeof name === 'string' ? name : undefined;
};

/** `Task.any(…)`, `Task.all(…)` and the like; `Promise.all` has nothing to do with it. */
export const isCombination = (node: Node): boolean => {
  if (node.type !== 'CallExpression' || !COMBINERS.has(calledName(node) ?? '')) return false;
  const callee = memberOf(node, 'callee');
  return !(callee && memberOf(callee, 'object')?.name === 'Promise');
};

/** A type that is, or is made of, something called …Task: `Task`, `TimerTask`, `Task[]`, `Map<string, Task>`. */
const isTaskType = (node: Node): boolean =>
  (node.type === 'TSTypeReference' && taskTypeName(memberOf(node, 'typeName'))) ||
  (node.type !== 'TSFunctionType' && childrenOf(node).some(isTaskType));

const taskTypeName = (name: Node | undefined): boolean => {
  const last = name?.type === 'TSQualifiedName' ? memberOf(name, 'right') : name;
  return typeof last?.name === 'string' && /Task$/.test(last.name);
};

const SCOPES = new Set(['BlockStatement', 'ForStatement', 'ForOfStatement', 'ForInStatement', 'Program']);

function scopeOf(tree: Tree, node: Node): Node {
  for (const above of ancestorsOf(tree, node)) if (SCOPES.has(above.type) || isFunction(above)) return above;
  return tree.root;
}

/** What the functions of this file return that they are called by name for, as far as it is made of tasks. */
type Makers = ReadonlySet<string>;

interface Known {
  readonly holders: readonly Holder[];
  readonly makers: Makers;
}

export const isWithin = (node: Node, range: Node): boolean => range.start <= node.start && node.end <= range.end;

/** The holder that a name means at a place: of those with that name in scope, the innermost. */
export function holderAt(holders: readonly Holder[], identifier: Node): Holder | undefined {
  return holders
    .filter(({ name, scope }) => name === identifier.name && isWithin(identifier, scope))
    .toSorted((a, b) => a.scope.end - a.scope.start - (b.scope.end - b.scope.start))[0];
}

const returnedBy = (tree: Tree, callback: Node): readonly Node[] => {
  const body = memberOf(callback, 'body');
  if (body && body.type !== 'BlockStatement') return [body];
  const own = (node: Node): boolean => [...ancestorsOf(tree, node)].find(isFunction) === callback;
  return tree.nodes
    .filter((node) => node.type === 'ReturnStatement' && isWithin(node, callback) && own(node))
    .flatMap((node) => membersOf(node, 'argument'));
};

function callHolds(tree: Tree, call: Node, known: Known): boolean {
  const name = calledName(call) ?? '';
  if (TASK_MAKERS.has(name) || known.makers.has(name) || isCombination(call)) return true;
  if (!CARRIERS.has(name)) return false;
  const callee = memberOf(call, 'callee');
  const carried = [...membersOf(call, 'arguments'), ...(callee ? membersOf(callee, 'object') : [])];
  return carried.some((node) =>
    isFunction(node) ? returnedBy(tree, node).some((value) => holds(tree, value, known)) : holds(tree, node, known),
  );
}

/** Whether the value of an expression is a task or made of tasks. What a `yield` gives back is a result, no task. */
function holds(tree: Tree, node: Node, known: Known): boolean {
  if (node.type === 'CallExpression') return callHolds(tree, node, known);
  if (node.type === 'Identifier') return holderAt(known.holders, node) !== undefined;
  if (WRAPPERS.has(node.type))
    return [...membersOf(node, 'expression'), ...membersOf(node, 'argument')].some((one) => holds(tree, one, known));
  if (node.type === 'ArrayExpression') return membersOf(node, 'elements').some((one) => holds(tree, one, known));
  if (node.type === 'NewExpression') return membersOf(node, 'arguments').some((one) => holds(tree, one, known));
  if (node.type === 'ObjectExpression') {
    return membersOf(node, 'properties').some((one) =>
      membersOf(one, 'value').some((value) => holds(tree, value, known)),
    );
  }
  const branches = ['ConditionalExpression', 'LogicalExpression'].includes(node.type);
  return (
    branches &&
    ['consequent', 'alternate', 'left', 'right'].some((name) =>
      membersOf(node, name).some((one) => holds(tree, one, known)),
    )
  );
}

function annotated(identifier: Node): boolean {
  const annotation = memberOf(identifier, 'typeAnnotation');
  return annotation !== undefined && isTaskType(annotation);
}

/** The expression that a declaring identifier gets its value from: an initialiser, or what a loop goes through. */
function sourceOf(tree: Tree, identifier: Node): Node | undefined {
  for (const above of ancestorsOf(tree, identifier)) {
    if (above.type === 'VariableDeclarator') {
      const loop = [...ancestorsOf(tree, above)].slice(0, 2).find((node) => node.type === 'ForOfStatement');
      return memberOf(above, 'init') ?? (loop && memberOf(loop, 'right'));
    }
    if (!/Pattern$|^Property$|^AssignmentPattern$/.test(above.type)) return undefined;
  }
  return undefined;
}

const isDeclaring = (tree: Tree, node: Node): boolean => {
  if (node.type !== 'Identifier') return false;
  for (const above of ancestorsOf(tree, node)) {
    if (above.type === 'VariableDeclarator') return isWithin(node, memberOf(above, 'id') ?? above);
    if (isFunction(above)) return membersOf(above, 'params').some((parameter) => isWithin(node, parameter));
    if (!/Pattern$|^Property$|^RestElement$/.test(above.type)) return false;
  }
  return false;
};

/** A collection that starts empty and is filled with tasks later. */
const isFilledWithTasks = (tree: Tree, identifier: Node, known: Known): boolean =>
  tree.nodes.some((call) => {
    if (call.type !== 'CallExpression' || !['push', 'set', 'add', 'unshift'].includes(calledName(call) ?? ''))
      return false;
    const callee = memberOf(call, 'callee');
    const named = callee !== undefined && memberOf(callee, 'object')?.name === identifier.name;
    return (
      named &&
      isWithin(call, scopeOf(tree, identifier)) &&
      membersOf(call, 'arguments').some((one) => holds(tree, one, known))
    );
  });

function findMakers(tree: Tree, known: Known): Makers {
  const names = tree.nodes.flatMap((node) => {
    const arrow = node.type === 'VariableDeclarator' ? memberOf(node, 'init') : undefined;
    const made = node.type === 'FunctionDeclaration' ? node : arrow && isFunction(arrow) ? arrow : undefined;
    const name = memberOf(node, 'id')?.name;
    if (!made || made.generator === true || typeof name !== 'string') return [];
    const declared = membersOf(made, 'returnType').some(isTaskType);
    return declared || returnedBy(tree, made).some((value) => holds(tree, value, known)) ? [name] : [];
  });
  return new Set([...known.makers, ...names]);
}

/** All variables that hold tasks. @param makers names of functions of other files that return tasks. */
export function findHolders(tree: Tree, makers: Makers = new Set()): Known {
  const declaring = tree.nodes.filter((node) => isDeclaring(tree, node));
  let known: Known = { holders: [], makers };
  // What holds tasks may be known only by another variable or function that does: go on until nothing new is found.
  for (;;) {
    const current = known;
    const holding = declaring.filter((identifier) => {
      const source = sourceOf(tree, identifier);
      return (
        annotated(identifier) ||
        (source && holds(tree, source, current)) ||
        isFilledWithTasks(tree, identifier, current)
      );
    });
    const holders = holding.map((declared) => ({
      name: String(declared.name),
      declared,
      scope: scopeOf(tree, declared),
    }));
    known = { holders, makers: findMakers(tree, current) };
    if (holders.length === current.holders.length && known.makers.size === current.makers.size) return known;
  }
}
