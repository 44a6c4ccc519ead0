import { z } from 'zod';

/** A Swagger 2.0 schema of the Azure ML files. */
export interface LearningSchema {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly $ref?: string | undefined;
  readonly items?: LearningSchema | undefined;
  readonly properties?: Readonly<Record<string, LearningSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: LearningSchema | undefined;
  readonly allOf?: readonly LearningSchema[] | undefined;
  readonly discriminator?: string | undefined;
}

export const learningSchemaSchema: z.ZodType<LearningSchema> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    format: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    $ref: z.string().optional(),
    items: learningSchemaSchema.optional(),
    properties: z.record(z.string(), learningSchemaSchema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: learningSchemaSchema.optional(),
    allOf: z.array(learningSchemaSchema).optional(),
    discriminator: z.string().optional(),
  }),
);

export type Definitions = Readonly<Record<string, LearningSchema>>;

/** A place where the service is known to deviate; the ground says from where. */
export interface LearningDeviation {
  readonly definition: string;
  readonly property: string;
  readonly allow: 'undeclared' | 'any';
  readonly ground: string;
}

/**
 * Published definitions as JSON Schema, stricter than published: no member that isn't declared. What isn't required may be missing or null, as
 * recorded (`tags`, `globalServiceConfiguration`). A reference to a base with a discriminator takes the base or any definition made from it.
 */
export function closedDefinitions(definitions: Definitions, deviations: readonly LearningDeviation[]): object {
  const own = Object.keys(definitions).map((name) => [`own ${name}`, closed(definitions, name, deviations)]);
  const whole = Object.keys(definitions).map((name) => {
    const heirs = Object.keys(definitions).filter((other) => descends(definitions, other, name));
    return [name, { anyOf: [name, ...heirs].map((one) => ({ $ref: `#/definitions/own ${one}` })) }];
  });
  return Object.fromEntries([...own, ...whole]);
}

/** The schema of an answer or member. A bare `object` takes any value: the generator of these files writes it for untyped values, such as the cells of metrics. */
export function learningAnswerSchema(schema: LearningSchema): object {
  if (schema.$ref) return { $ref: schema.$ref };
  const { type, format, items, properties, additionalProperties } = schema;
  const members = Object.entries(properties ?? {}).map(([key, value]) => [key, orNull(learningAnswerSchema(value))]);
  if (type === 'object' && members.length === 0 && !additionalProperties) return {};
  return {
    ...(type && { type }),
    ...(format && type === 'string' && { format }),
    ...(schema.enum && { enum: schema.enum }),
    ...(items && { items: learningAnswerSchema(items) }),
    ...(additionalProperties && { additionalProperties: learningAnswerSchema(additionalProperties) }),
    ...(members.length > 0 && { properties: Object.fromEntries(members), additionalProperties: false }),
  };
}

function closed(definitions: Definitions, name: string, deviations: readonly LearningDeviation[]): object {
  const { properties, required, schema } = merged(definitions, definitions[name] ?? {});
  const mine = deviations.filter(({ definition }) => definition === name);
  if (Object.keys(properties).length === 0) return learningAnswerSchema(schema);
  const entries = Object.entries(properties).map(([key, value]) => {
    const plain = learningAnswerSchema(value);
    return [key, required.includes(key) ? plain : orNull(plain)];
  });
  const more = mine.map(({ property }) => [property, {}]);
  return {
    type: 'object',
    properties: Object.fromEntries([...entries, ...more]),
    required,
    additionalProperties: false,
  };
}

interface Merged {
  readonly properties: Readonly<Record<string, LearningSchema>>;
  readonly required: readonly string[];
  readonly schema: LearningSchema;
}

/** A definition with what it takes over through `allOf`. */
function merged(definitions: Definitions, schema: LearningSchema): Merged {
  const parts = (schema.allOf ?? []).map((part) => merged(definitions, targetOf(definitions, part)));
  return {
    properties: Object.assign({}, ...parts.map(({ properties }) => properties), schema.properties),
    required: [...new Set([...parts.flatMap(({ required }) => required), ...(schema.required ?? [])])],
    schema,
  };
}

function targetOf(definitions: Definitions, part: LearningSchema): LearningSchema {
  return part.$ref ? (definitions[nameOf(part.$ref)] ?? {}) : part;
}

function descends(definitions: Definitions, name: string, base: string): boolean {
  return (definitions[name]?.allOf ?? []).some(
    ({ $ref }) => $ref !== undefined && (nameOf($ref) === base || descends(definitions, nameOf($ref), base)),
  );
}

function nameOf(reference: string): string {
  return reference.replace('#/definitions/', '');
}

function orNull(schema: object): object {
  return { anyOf: [schema, { type: 'null' }] };
}
