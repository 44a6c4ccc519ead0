import { z } from 'zod';
import { type Deviation, deviations } from './deviations.ts';

/** The part of a Swagger 2.0 schema that the published files use. */
export interface SwaggerSchema {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly $ref?: string | undefined;
  readonly items?: SwaggerSchema | undefined;
  readonly properties?: Readonly<Record<string, SwaggerSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: SwaggerSchema | undefined;
  readonly 'x-nullable'?: boolean | undefined;
}

export const swaggerSchemaSchema: z.ZodType<SwaggerSchema> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    format: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    $ref: z.string().optional(),
    items: swaggerSchemaSchema.optional(),
    properties: z.record(z.string(), swaggerSchemaSchema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: swaggerSchemaSchema.optional(),
    'x-nullable': z.boolean().optional(),
  }),
);

/**
 * A published definition as JSON Schema, stricter than published: no member that isn't declared, and every declared one present, but for the
 * listed deviations. Where the file leaves `x-nullable` out, null is allowed: its generator writes `false` where it isn't.
 */
export function strictDefinition(name: string, schema: SwaggerSchema): object {
  const properties = Object.entries(schema.properties ?? {});
  return {
    type: schema.type ?? 'object',
    properties: Object.fromEntries(properties.map(([key, value]) => [key, memberSchema(name, key, value)])),
    required: properties.map(([key]) => key).filter((key) => !allows(name, key, 'absent')),
    additionalProperties: false,
  };
}

/** The schema of an answer, array or value: null only where it says so. */
export function answerSchema(schema: SwaggerSchema): object {
  return schema['x-nullable'] === true ? orNull(plainSchema(schema)) : plainSchema(schema);
}

function memberSchema(definition: string, property: string, schema: SwaggerSchema): object {
  const zoneless = allows(definition, property, 'zoneless') && schema.format === 'date-time';
  const plain = plainSchema(zoneless ? { ...schema, format: 'zoneless-date-time' } : schema);
  const nullable = schema['x-nullable'] !== false || allows(definition, property, 'null');
  return nullable ? orNull(plain) : plain;
}

function plainSchema(schema: SwaggerSchema): object {
  if (schema.$ref) return { $ref: schema.$ref };
  const { type, format, items, additionalProperties } = schema;
  return {
    type,
    ...(format && { format }),
    ...(schema.enum && { enum: schema.enum }),
    ...(items && { items: answerSchema(items) }),
    ...(additionalProperties && { additionalProperties: answerSchema(additionalProperties) }),
  };
}

function orNull(schema: object): object {
  return { anyOf: [schema, { type: 'null' }] };
}

function allows(definition: string, property: string, allow: Deviation['allow']): boolean {
  return deviations.some(
    (entry) => entry.definition === definition && entry.property === property && entry.allow === allow,
  );
}
