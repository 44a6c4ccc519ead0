import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { memberOf, type Node, parse, type Tree } from './syntax.ts';

/** An import, an export from elsewhere, or a type taken from a module by `import('…')`. */
export interface Import {
  /** Path from the root of the repository for a file of ours, the specifier as written for a package. */
  readonly of: string;
  readonly ours: boolean;
  readonly typesOnly: boolean;
}

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly tree: Tree;
  readonly imports: readonly Import[];
}

const importing = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

function specifierOf(node: Node): string | undefined {
  const source = memberOf(node, 'source') ?? memberOf(node, 'argument');
  const literal = source?.type === 'TSLiteralType' ? memberOf(source, 'literal') : source;
  return typeof literal?.value === 'string' ? literal.value : undefined;
}

function importsOf(path: string, tree: Tree): readonly Import[] {
  return tree.nodes
    .filter((node) => importing.has(node.type))
    .flatMap((node) => {
      const specifier = specifierOf(node);
      if (specifier === undefined) return [];
      const ours = specifier.startsWith('.');
      const of = ours ? normalize(join(dirname(path), specifier)) : specifier;
      const typesOnly = node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType';
      return [{ of, ours, typesOnly }];
    });
}

export function sourceFile(path: string, text: string): SourceFile {
  const tree = parse(text);
  return { path, tree, imports: importsOf(path, tree) };
}

/** Every TypeScript file in some folders of the repository, in the order of their paths. */
export function readSources(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .sort()
    .map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8')));
}
