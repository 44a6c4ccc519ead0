import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { BRANCHES } from '../../../../src/lib/catalog/catalog.ts';
import type { Family } from '../../../../src/lib/catalog/family.ts';
import { type Operation, pathOf, verbOf } from '../../../../src/lib/catalog/operation.ts';
import type { TargetKind } from '../../../../src/lib/domain/target.ts';
import { contractsFolder } from '../../../local/simulator/contracts.ts';

/** A body that a service has given, or that its publisher says it gives. */
export interface Published {
  /** The file, and for recordings the number of the exchange in it. */
  readonly name: string;
  readonly kind: TargetKind | undefined;
  /** As the specification calls it; `unused`: no specification refers to the example; for recordings the verb and path. */
  readonly operation: string;
  readonly body: unknown;
}

const TARGETS: Readonly<Record<string, TargetKind>> = {
  'customvision-training-v1.2': 'custom-vision',
  'customvision-training-v3.0': 'custom-vision',
  'machinelearningcompute-2017-06-01-preview': 'clusters',
  'machinelearningexperimentation-2017-05-01-preview': 'experimentation',
  'machinelearningservices-2018-03-01-preview': 'computes',
};

const exampleSchema = z.object({ responses: z.record(z.string(), z.object({ body: z.unknown().optional() })) });
const specification = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
const operationSchema = z.looseObject({
  operationId: z.string(),
  'x-ms-examples': z.record(z.string(), z.object({ $ref: z.string() })),
});
const recording = z.object({
  exchanges: z.array(
    z.object({ method: z.string(), path: z.string(), status: z.number(), body: z.unknown().optional() }),
  ),
});

const read = (path: string): unknown => JSON.parse(readFileSync(`${contractsFolder}${path}`, 'utf8'));

/** Every example of the specifications that the repository has. */
export const examples = (): Published[] =>
  Object.entries(TARGETS).flatMap(([spec, kind]) => {
    const operations = operationsIn(spec);
    return readdirSync(`${contractsFolder}specs/examples/${spec}`).map((file) => {
      const { responses } = exampleSchema.parse(read(`specs/examples/${spec}/${file}`));
      const operation = operations.get(file) ?? 'unused';
      return { name: `${spec}/${file}`, kind, operation, body: responses['200']?.body };
    });
  });

function operationsIn(spec: string): Map<string, string> {
  const all = Object.values(specification.parse(read(`specs/${spec}.json`)).paths).flatMap(Object.values);
  return new Map(
    all.flatMap((one) => {
      const parsed = operationSchema.safeParse(one);
      if (!parsed.success) return [];
      const { operationId, 'x-ms-examples': refs } = parsed.data;
      return Object.values(refs).map(({ $ref }): [string, string] => [$ref.split('/').at(-1) ?? '', operationId]);
    }),
  );
}

/** Every answer with a body that was recorded, and wasn't a refusal. */
export const recordings = (): Published[] =>
  readdirSync(`${contractsFolder}recorded`)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) =>
      recording.parse(read(`recorded/${file}`)).exchanges.flatMap(({ method, path, status, body }, index) => {
        if (status !== 200 || body === undefined || body === null) return [];
        const operation = `${method} ${path.replace(/\?.*$/, '')}`;
        const kind: TargetKind = path.includes('customvision') ? 'custom-vision' : 'clusters';
        return [{ name: `${file}, exchange ${index + 1}`, kind, operation, body }];
      }),
    );

export type Place = 'list' | 'read' | 'part';

/** Where an export asks for what an operation answers. */
export interface Asked {
  readonly family: Family;
  readonly place: Place;
  readonly operation: Operation;
}

/** Which family an operation's answers belong to: by its name in the specification, or by its verb and path. */
export function askedFor({ kind, operation }: Published): Asked | undefined {
  const families = BRANCHES.flatMap((branch) => branch.families).filter((family) => family.target === kind);
  const all = families.flatMap((family): Asked[] => [
    ...family.list.map((list) => ({ family, place: 'list' as const, operation: list })),
    ...(family.read ? [{ family, place: 'read' as const, operation: family.read }] : []),
    ...claimed(family),
    ...(family.parts ?? []).map((part) => ({ family, place: 'part' as const, operation: part.read })),
  ]);
  return all.find(({ operation: own }) => own.operation === operation || isAt(own, operation));
}

/** What is asked of elements by their ids says of them what the list says. */
const claimed = (family: Family): Asked[] =>
  family.claims ? [{ family, place: 'list', operation: { ...family.claims.read, paging: { by: 'whole' } } }] : [];

const isAt = ({ route }: Operation, called: string): boolean =>
  called.startsWith(`${verbOf(route)} `) && new RegExp(`${patternOf(route)}$`, 'i').test(called);

/** A regular expression for paths of a route. */
export const patternOf = (route: Operation['route']): string =>
  pathOf(route)
    .replaceAll(/\{\+\w+\}/g, '.+')
    .replaceAll(/\{\w+\}/g, '[^/]+');
