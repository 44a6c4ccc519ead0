import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Family } from '../../src/lib/catalog/family.ts';
import type { TargetKind } from '../../src/lib/domain/target.ts';
import { contractsFolder } from '../local/simulator/contracts.ts';

interface Schema {
  readonly $ref?: string | undefined;
  readonly allOf?: Schema[] | undefined;
  readonly properties?: Record<string, Schema> | undefined;
  readonly items?: Schema | undefined;
}
const schema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    allOf: z.array(schema).optional(),
    properties: z.record(z.string(), schema).optional(),
    items: schema.optional(),
  }),
);
const operation = z.looseObject({
  operationId: z.string(),
  responses: z.record(z.string(), z.looseObject({ schema: schema.optional() })),
});
const specification = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  definitions: z.record(z.string(), schema),
});
type Specification = z.infer<typeof specification>;

/** Published specifications in which a target's documents are described. */
const SPECIFIED: Readonly<Partial<Record<TargetKind, readonly string[]>>> = {
  experimentation: ['machinelearningexperimentation-2017-05-01-preview'],
  computes: ['machinelearningservices-2018-03-01-preview'],
  clusters: ['machinelearningcompute-2017-06-01-preview'],
  'machine-learning': ['artifact', 'modelManagement', 'runHistory'].map(
    (part) => `mlservices-dataplane-${part}-2019-09-30`,
  ),
  'custom-vision': ['v1.2', 'v3.0', 'v3.1', 'v3.3'].map((version) => `customvision-training-${version}`),
};

/** A member of an answer: its name, and the way to it from the document of its family. */
export interface AnsweredWay {
  readonly family: string;
  readonly way: string;
  readonly name: string;
}

/** Every member of every document that the specifications describe for operations of the families, subtypes included. */
export function answeredWays(families: readonly Family[]): AnsweredWay[] {
  return families.flatMap((family) => {
    const operations = new Set([...family.list, ...(family.read ? [family.read] : [])].map((one) => one.operation));
    const names = (SPECIFIED[family.target] ?? []).flatMap((file) => [...waysIn(file, operations)]);
    return [...new Set(names)].map((way) => ({
      family: family.family,
      way,
      name: (way.split('.').at(-1) ?? '').replace('[]', ''),
    }));
  });
}

function* waysIn(file: string, operations: ReadonlySet<string>): Generator<string> {
  const text = readFileSync(`${contractsFolder}specs/${file}.json`, 'utf8');
  const read = specification.parse(JSON.parse(text));
  for (const methods of Object.values(read.paths)) {
    for (const method of Object.values(methods)) {
      const parsed = operation.safeParse(method);
      if (!parsed.success || !operations.has(parsed.data.operationId)) continue;
      const answer = parsed.data.responses['200']?.schema;
      if (answer) yield* waysOf(read, documentOf(read, answer), { way: [], seen: new Set() });
    }
  }
}

/** Members in which lists stand. */
const LISTS: readonly string[] = ['value', 'results'];

/** What one document of a list is: an element of the bare list, of `value` or of `results`. */
function documentOf(read: Specification, answer: Schema): Schema {
  const resolved = answer.$ref ? (read.definitions[nameOf(answer.$ref)] ?? answer) : answer;
  const list = LISTS.flatMap((name) => resolved.properties?.[name] ?? [])[0];
  return resolved.items ?? list?.items ?? answer;
}

const nameOf = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

function* waysOf(
  read: Specification,
  part: Schema,
  at: { readonly way: readonly string[]; readonly seen: ReadonlySet<string> },
): Generator<string> {
  if (part.$ref) {
    const name = nameOf(part.$ref);
    if (at.seen.has(name)) return;
    const below = { ...at, seen: new Set([...at.seen, name]) };
    for (const one of [name, ...subtypesOf(read, name)]) yield* waysOf(read, read.definitions[one] ?? {}, below);
  }
  // What a schema is made of: other schemas that are made of it too are none of its kinds.
  for (const one of part.allOf ?? []) yield* waysOf(read, read.definitions[nameOf(one.$ref ?? '')] ?? one, at);
  if (part.items) yield* waysOf(read, part.items, at);
  for (const [name, inner] of Object.entries(part.properties ?? {})) {
    const way = [...at.way, inner.items ? `${name}[]` : name];
    yield way.join('.');
    yield* waysOf(read, inner, { ...at, way });
  }
}

const subtypesOf = (read: Specification, name: string): string[] =>
  Object.entries(read.definitions).flatMap(([own, { allOf = [] }]) =>
    allOf.some(({ $ref }) => $ref !== undefined && nameOf($ref) === name) ? [own, ...subtypesOf(read, own)] : [],
  );
