import { z } from 'zod';
import { callbackEventSchema } from '../../domain/callback.ts';
import { dueSchema } from '../../domain/due.ts';
import { holdSchema } from '../../domain/hold.ts';
import { requestIdSchema } from '../../domain/ids.ts';
import { keySetSchema } from '../../domain/jwks.ts';
import { countsSchema } from '../../domain/ledger.ts';
import { stateSchema } from '../../domain/lifecycle.ts';
import { openDsrOrderSchema } from '../../domain/open-dsr.ts';
import * as orders from '../../domain/orders.ts';
import { planSchema } from '../../domain/plan.ts';
import { receiptSchema } from '../../domain/receipt.ts';
import { decisionSchema, submissionSchema } from '../../domain/request.ts';
import * as answers from '../answers.ts';
import * as openDsr from '../open-dsr-answers.ts';
import { problemSchema } from '../problems.ts';

/** JSON as it stands in the document. */
export type Json = Record<string, unknown>;

/** What is sent, under its name in the document. */
const SENT = {
  Submission: submissionSchema,
  DecisionOrder: orders.decisionOrderSchema,
  CancelOrder: orders.cancelOrderSchema,
  ExtensionOrder: orders.extensionOrderSchema,
  HoldOrder: orders.holdOrderSchema,
  LiftOrder: orders.liftOrderSchema,
  RedriveOrder: orders.redriveOrderSchema,
  SweepOrder: orders.sweepOrderSchema,
  LinkOrder: answers.linkOrderSchema,
  OpenDsrOrder: openDsrOrderSchema,
} as const;

/** What is answered or told. */
const ANSWERED = {
  RequestId: requestIdSchema,
  State: stateSchema,
  Counts: countsSchema,
  Due: dueSchema,
  Decision: decisionSchema,
  Problem: problemSchema,
  CallbackEvent: callbackEventSchema,
  Accepted: answers.acceptedSchema,
  RequestStatus: answers.requestStatusSchema,
  RequestPage: answers.requestPageSchema,
  Plan: planSchema,
  PlanItemPage: answers.planItemPageSchema,
  Decided: answers.decidedSchema,
  Cancelled: answers.cancelledSchema,
  Extended: answers.extendedSchema,
  FailurePage: answers.failurePageSchema,
  Redriven: answers.redrivenSchema,
  Package: answers.packageSchema,
  Link: answers.linkSchema,
  Receipt: receiptSchema,
  Hold: holdSchema,
  HoldPage: answers.holdPageSchema,
  Swept: answers.sweptSchema,
  Health: answers.healthSchema,
  KeySet: keySetSchema,
  OpenApiDocument: answers.openApiSchema,
  OpenDsrDiscovery: openDsr.discoverySchema,
  OpenDsrReceived: openDsr.openDsrReceivedSchema,
  OpenDsrStatus: openDsr.openDsrStatusSchema,
  OpenDsrCallback: openDsr.openDsrCallbackSchema,
  OpenDsrWithdrawn: openDsr.openDsrWithdrawnSchema,
  OpenDsrError: openDsr.openDsrErrorSchema,
} as const;

const NAMES = new Map<z.ZodType, string>(
  Object.entries({ ...SENT, ...ANSWERED }).map(([name, schema]) => [schema, name]),
);
const uri = (name: string): string => `#/components/schemas/${name}`;

/** A reference to a schema that has a name, else the schema itself. */
export function schemaOf(schema: z.ZodType): Json {
  const name = NAMES.get(schema);
  return name === undefined ? inline(schema) : { $ref: uri(name) };
}

function inline(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', override: tidy });
  return json;
}

/** Each named schema, as it is sent or as it is answered: a member with a default may be left out of what is sent only. */
export const componentSchemas = (): Record<string, Json> => ({
  ...converted(SENT, 'input'),
  ...converted(ANSWERED, 'output'),
});

function converted(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Record<string, Json> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { io, uri, override: tidy });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([name, { $schema: _, $id: __, ...json }]) => [name, json]),
  );
}

type Override = NonNullable<NonNullable<Parameters<typeof z.toJSONSchema>[1]>['override']>;

const closedRecordSchema = z.object({
  propertyNames: z.object({ enum: z.array(z.string()) }),
  additionalProperties: z.custom<z.core.JSONSchema.BaseSchema>((value) => typeof value === 'object'),
  required: z.array(z.string()),
});

/** A record with all keys of a closed set reads better as an object with these members. */
function spellOut(jsonSchema: z.core.JSONSchema.BaseSchema): void {
  const record = closedRecordSchema.safeParse(jsonSchema);
  if (!record.success) return;
  const { propertyNames, additionalProperties } = record.data;
  jsonSchema.properties = Object.fromEntries(propertyNames.enum.map((name) => [name, additionalProperties]));
  delete jsonSchema.propertyNames;
  delete jsonSchema.additionalProperties;
}

/** Patterns that only repeat what the format says are left out; answers may get new members, so their objects stay open. */
const tidy: Override = ({ zodSchema, jsonSchema }) => {
  spellOut(jsonSchema);
  if (jsonSchema.format === 'date-time') {
    const isUtc = !(jsonSchema.pattern?.includes('[+-]') ?? false);
    delete jsonSchema.pattern;
    if (isUtc) jsonSchema.pattern = 'Z$';
  }
  if (jsonSchema.format === 'email') delete jsonSchema.pattern;
  if (jsonSchema.contentEncoding) {
    delete jsonSchema.format;
    delete jsonSchema.pattern;
  }
  if (jsonSchema.propertyNames && Object.keys(jsonSchema.propertyNames).join() === 'type')
    delete jsonSchema.propertyNames;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  const isOpen =
    zodSchema._zod.def.type === 'object' && !('catchall' in zodSchema._zod.def && zodSchema._zod.def.catchall);
  if (isOpen && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
};
