import { parseAst } from 'vitest/node';

/** A node of the ESTree that the parser makes of TypeScript; members beyond these are looked at by name. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [member: string]: unknown;
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && 'start' in value;

export interface Tree {
  readonly root: Node;
  readonly text: string;
  /** All nodes in the order of the text, outer ones first. */
  readonly nodes: readonly Node[];
  readonly parents: ReadonlyMap<Node, Node>;
}

/** Nodes directly within a node. */
export const childrenOf = (node: Node): readonly Node[] =>
  Object.values(node).flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));

/** The members of a node that are nodes, under one name: a list, one node, or none. */
export function membersOf(node: Node, name: string): readonly Node[] {
  const value = node[name];
  return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
}

export const memberOf = (node: Node, name: string): Node | undefined => membersOf(node, name)[0];

/** @throws SyntaxError where the text is no TypeScript module. */
export function parse(text: string): Tree {
  const root: unknown = parseAst(text, { lang: 'ts' });
  if (!isNode(root)) throw new Error('The parser gave no tree.');
  const parents = new Map<Node, Node>();
  const nodes: Node[] = [];
  const visit = (node: Node): void => {
    nodes.push(node);
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      visit(child);
    }
  };
  visit(root);
  return { root, text, nodes, parents };
}

/** A node's parents, the nearest first. */
export function* ancestorsOf(tree: Tree, node: Node): Generator<Node, void> {
  for (let above = tree.parents.get(node); above; above = tree.parents.get(above)) yield above;
}

/** Line of a node's beginning, from 1. */
export const lineOf = (tree: Tree, node: Node): number => tree.text.slice(0, node.start).split('\n').length;

export const isFunction = (node: Node): boolean =>
  ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'].includes(node.type);
