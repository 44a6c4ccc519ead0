import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { z } from 'zod';
import type { ObservedAnswer } from '../../../local/simulator/dispatch.ts';
import { contractsFolder } from './contracts.ts';
import { answerSchema, type SwaggerSchema, strictDefinition, swaggerSchemaSchema } from './schema.ts';

/** An answer as observed at the simulator or recorded at the real service. */
export interface CheckedAnswer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly json?: unknown;
  /** Compared with the published operation id when given. */
  readonly operation?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const responseSchema = z.object({ schema: swaggerSchemaSchema.optional() });
const operationSchema = z.object({ operationId: z.string(), responses: z.record(z.string(), responseSchema) });
const swaggerSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  definitions: z.record(z.string(), swaggerSchemaSchema),
});

/** Versions that were recorded but never published, checked as the next published one. */
const stoodInFor: Readonly<Record<string, string>> = { '3.2': '3.3' };

/** Errors of the gateway, which no specification declares (endpoints.md, part E; azure-sdk-for-js#10362). */
const gatewaySchema: SwaggerSchema = {
  type: 'object',
  properties: {
    error: { $ref: '#/definitions/GatewayError', 'x-nullable': false },
  },
};
const gatewayError: SwaggerSchema = {
  type: 'object',
  properties: {
    code: { type: 'string', enum: ['401', '404', '429'], 'x-nullable': false },
    message: { type: 'string', 'x-nullable': false },
  },
};

interface Specification {
  readonly operations: readonly {
    readonly method: string;
    readonly pattern: RegExp;
    readonly operationId: string;
    readonly responses: Readonly<Record<string, { readonly schema?: SwaggerSchema | undefined }>>;
  }[];
  readonly validator: (schema: SwaggerSchema) => ValidateFunction;
}

const loaded = new Map<string, Specification>();

/**
 * Holds an answer of Custom Vision Training against the published specification of the version in its path. Returns sentences: none means that
 * the answer is sound. Throws when the version has no published file.
 */
export function visionFindings(answer: CheckedAnswer): string[] {
  const [, written = '', rest = ''] = /^\/+customvision\/v([^/]+)\/training(\/.*)$/i.exec(answer.path) ?? [];
  const version = stoodInFor[written.toLowerCase()] ?? written.toLowerCase();
  const specification = loaded.get(version) ?? load(version);
  loaded.set(version, specification);
  const found = specification.operations.find(
    ({ method, pattern }) => method === answer.method.toLowerCase() && pattern.test(rest),
  );
  const place = `${answer.method} ${answer.path} ${answer.status}`;
  if (!found) return isGatewayError(specification, answer) ? [] : [`${place}: no such operation in ${version}`];
  const findings: string[] = [];
  if (answer.operation !== undefined && answer.operation !== found.operationId) {
    findings.push(`${place}: is ${found.operationId}, not ${answer.operation}`);
  }
  const declared = found.responses[String(answer.status)];
  if (!declared && answer.status < 400) return [...findings, `${place}: the status is not declared`];
  return [...findings, ...bodyFindings(specification, answer, declared ?? found.responses.default)].map(
    (text) => `${place}: ${text}`,
  );
}

/**
 * For `onAnswer` of a simulator: collects what the specifications say against its answers. Answers broken on purpose and those of services
 * without a specification are let through.
 */
export function checkAnswer(into: string[]): (answer: ObservedAnswer) => void {
  return (answer) => {
    const mine = /^\/+customvision\/(v3|v1\.2\/training\/account)/i.test(answer.path);
    if (mine && answer.fault === undefined) into.push(...visionFindings(answer));
  };
}

function bodyFindings(
  specification: Specification,
  answer: CheckedAnswer,
  response: { readonly schema?: SwaggerSchema | undefined } | undefined,
): string[] {
  if (answer.status >= 400 && isGatewayError(specification, answer)) return [];
  if (!response?.schema) return answer.json === undefined ? [] : ['has a body, none is declared'];
  const validate = specification.validator(response.schema);
  if (validate(answer.json)) return [];
  return (validate.errors ?? []).map(
    (error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`,
  );
}

function isGatewayError(specification: Specification, { status, json }: CheckedAnswer): boolean {
  return [401, 404, 429].includes(status) && specification.validator(gatewaySchema)(json);
}

/** What a version publishes: `"GET /projects/{projectId} GetProject"` and so on, and the members of its definitions (`"Tag.name"`). */
export function published(version: string): {
  readonly operations: readonly string[];
  readonly members: readonly string[];
} {
  const { paths, definitions } = readSpecification(version);
  return {
    operations: Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => `${method.toUpperCase()} ${path} ${operationId}`),
    ),
    members: Object.entries(definitions).flatMap(([name, { properties }]) =>
      Object.keys(properties ?? {}).map((property) => `${name}.${property}`),
    ),
  };
}

function readSpecification(version: string): z.output<typeof swaggerSchema> {
  const text = readFileSync(`${contractsFolder}specs/customvision-training-v${version}.json`, 'utf8');
  return swaggerSchema.parse(JSON.parse(text));
}

function load(version: string): Specification {
  const { paths, definitions } = readSpecification(version);
  const strict = Object.entries({ ...definitions, GatewayError: gatewayError }).map(([name, schema]) => [
    name,
    strictDefinition(name, schema),
  ]);
  const ajv = new Ajv({ allErrors: true, strict: false });
  formats.default(ajv);
  ajv.addFormat('zoneless-date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z?$/);
  const compiled = new Map<SwaggerSchema, ValidateFunction>();
  const validator = (schema: SwaggerSchema) => {
    const root = schema === gatewaySchema ? strictDefinition('Gateway', schema) : answerSchema(schema);
    const validate = compiled.get(schema) ?? ajv.compile({ ...root, definitions: Object.fromEntries(strict) });
    compiled.set(schema, validate);
    return validate;
  };
  return { operations: Object.entries(paths).flatMap(operationsOf), validator };
}

function operationsOf([path, methods]: [string, Record<string, z.output<typeof operationSchema>>]) {
  const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}/?(\\?.*)?$`, 'i');
  return Object.entries(methods).map(([method, { operationId, responses }]) => {
    return { method, pattern, operationId, responses };
  });
}
