import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { z } from 'zod';
import type { ObservedAnswer } from '../../../local/simulator/dispatch.ts';
import { contractsFolder } from './contracts.ts';
import { inferredShapes, wrappedError } from './inferred-shapes.ts';
import {
  closedDefinitions,
  type LearningDeviation,
  type LearningSchema,
  learningAnswerSchema,
  learningSchemaSchema,
} from './learning-schema.ts';
import type { CheckedAnswer } from './specification.ts';

const files = {
  experimentation: 'machinelearningexperimentation-2017-05-01-preview',
  compute: 'machinelearningcompute-2017-06-01-preview',
  services: 'machinelearningservices-2018-03-01-preview',
  history: 'mlservices-dataplane-runHistory-2019-09-30',
  artifact: 'mlservices-dataplane-artifact-2019-09-30',
  modelmanagement: 'mlservices-dataplane-modelManagement-2019-09-30',
} as const;

type FileKey = keyof typeof files;

/** What answers may have beyond the published definitions, each with where that was seen. */
export const learningDeviations: readonly LearningDeviation[] = [];

/** Statuses that no file declares. */
const undeclaredStatuses: Readonly<Record<string, { readonly status: number; readonly ground: string }>> = {
  MachineLearningCompute_Delete: {
    status: 204,
    ground: 'the gateway answers 204 to a repeated delete of any resource',
  },
};

const responseSchema = z.object({ schema: learningSchemaSchema.optional() });
const operationSchema = z.object({ operationId: z.string(), responses: z.record(z.string(), responseSchema) });
const swaggerSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.union([operationSchema, z.array(z.unknown())]))),
  definitions: z.record(z.string(), learningSchemaSchema),
});

const imageSchema: LearningSchema = { $ref: '#/definitions/DockerImageResponse' };

/** Operations that the successor's file leaves out though it defines their bodies: its sisters' statuses, its own definitions. */
const standIns: Readonly<Record<string, LearningSchema | undefined>> = {
  '<ListSuccessorImages>': {
    type: 'object',
    properties: { value: { type: 'array', items: imageSchema }, nextLink: { type: 'string' } },
  },
  '<GetSuccessorImage>': imageSchema,
  '<DeleteSuccessorImage>': undefined,
};

interface Loaded {
  readonly operations: readonly {
    readonly method: string;
    readonly pattern: RegExp;
    readonly operationId: string;
    readonly responses: Readonly<Record<string, { readonly schema?: LearningSchema | undefined }>>;
  }[];
  readonly validator: (schema: LearningSchema) => ValidateFunction;
}

const loaded = new Map<FileKey, Loaded>();

/**
 * Holds an answer of the Azure ML services against its published specification, else against the transcription of endpoints.md. Returns
 * sentences: none means that the answer is sound. Operations in angle brackets have no published name.
 */
export function learningFindings(answer: CheckedAnswer & { readonly operation: string }): string[] {
  if (answer.operation === '<unknown>') return [];
  const place = `${answer.method} ${answer.path} ${answer.status} ${answer.operation}`;
  const inferred = inferredShapes[answer.operation];
  if (inferred) {
    const shape = inferred[answer.status < 400 ? 'answer' : 'error'];
    const result = z.union([shape, ...(answer.status < 400 ? [] : [wrappedError])]).safeParse(answer.json);
    return result.success ? [] : [`${place}: ${z.prettifyError(result.error)}`];
  }
  const specification = specificationOf(answer.path);
  if (specification && answer.operation in standIns) {
    const schema = standIns[answer.operation];
    const responses = {
      '200': { schema },
      '204': {},
      default: { schema: { $ref: '#/definitions/ModelErrorResponse' } },
    };
    return publishedFindings(specification, responses, answer).map((text) => `${place}: ${text}`);
  }
  const found = specification?.operations.find(
    ({ method, pattern }) => method === answer.method.toLowerCase() && pattern.test(answer.path),
  );
  if (!specification || !found) return [`${place}: neither published nor transcribed`];
  if (found.operationId !== answer.operation) return [`${place}: is ${found.operationId}`];
  return publishedFindings(specification, found.responses, answer).map((text) => `${place}: ${text}`);
}

function publishedFindings(
  specification: Loaded,
  responses: Readonly<Record<string, { readonly schema?: LearningSchema | undefined }>>,
  { status, json, operation }: CheckedAnswer,
): string[] {
  const declared = responses[String(status)];
  const excused = undeclaredStatuses[operation ?? '']?.status === status;
  if (!declared && !excused && status < 400) return ['the status is not declared'];
  if (status >= 400 && wrappedError.safeParse(json).success) return [];
  const schema = (declared ?? (excused ? undefined : responses.default))?.schema;
  if (!schema || schema.type === 'file') return json === undefined ? [] : ['has a body, none is declared'];
  const validate = specification.validator(schema);
  if (validate(json)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath} ${message} ${JSON.stringify(params)}`;
  });
}

/**
 * For `onAnswer` of a simulator: collects what is wrong with answers of the Azure ML services that no fault touched.
 */
export function checkLearningAnswer(into: string[]): (answer: ObservedAnswer) => void {
  return (answer) => {
    const mine = /^\/+(subscriptions|api|history|artifact|notification|modelmanagement)\//i.test(answer.path);
    if (mine && answer.fault === undefined) into.push(...learningFindings(answer));
  };
}

/** Names and routes that a file publishes: `"GET /subscriptions/… Accounts_List"`. */
export function publishedOperations(key: FileKey): string[] {
  return load(key).operations.map(({ method, operationId }) => `${method.toUpperCase()} ${operationId}`);
}

function specificationOf(path: string): Loaded | undefined {
  const service = /^\/+(history|artifact|modelmanagement)\//i.exec(path)?.[1]?.toLowerCase();
  if (service === 'history' || service === 'artifact' || service === 'modelmanagement') return load(service);
  const provider = /\/providers\/Microsoft\.MachineLearning([a-z]+)\//i.exec(path)?.[1]?.toLowerCase();
  return provider === 'experimentation' || provider === 'compute' || provider === 'services'
    ? load(provider)
    : undefined;
}

function load(key: FileKey): Loaded {
  const known = loaded.get(key);
  if (known) return known;
  const text = readFileSync(`${contractsFolder}specs/${files[key]}.json`, 'utf8');
  const { paths, definitions } = swaggerSchema.parse(JSON.parse(text));
  const ajv = new Ajv({ allErrors: true, strict: false });
  formats.default(ajv);
  const closed = closedDefinitions(definitions, learningDeviations);
  const compiled = new Map<LearningSchema, ValidateFunction>();
  const result: Loaded = {
    operations: Object.entries(paths).flatMap(([path, methods]) => {
      const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+')}/?$`, 'i');
      return Object.entries(methods).flatMap(([method, operation]) =>
        Array.isArray(operation) ? [] : [{ method, pattern, ...operation }],
      );
    }),
    validator: (schema) => {
      const validate = compiled.get(schema) ?? ajv.compile({ ...learningAnswerSchema(schema), definitions: closed });
      compiled.set(schema, validate);
      return validate;
    },
  };
  loaded.set(key, result);
  return result;
}
