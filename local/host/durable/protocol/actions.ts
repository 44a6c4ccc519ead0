import { z } from 'zod';

/** Numbers of durable-functions' `ActionType`. */
export const actionType = {
  CallActivity: 0,
  CallActivityWithRetry: 1,
  CallSubOrchestrator: 2,
  CallSubOrchestratorWithRetry: 3,
  ContinueAsNew: 4,
  CreateTimer: 5,
  WaitForExternalEvent: 6,
  CallEntity: 7,
  CallHttp: 8,
  SignalEntity: 9,
  WhenAny: 11,
  WhenAll: 12,
  LockEntities: 13,
  ReleaseEntities: 14,
} as const;

const retryOptions = z.object({
  firstRetryIntervalInMilliseconds: z.number(),
  maxNumberOfAttempts: z.number(),
  backoffCoefficient: z.number().nullish(),
  maxRetryIntervalInMilliseconds: z.number().nullish(),
  retryTimeoutInMilliseconds: z.number().nullish(),
});

export type RetryOptions = z.infer<typeof retryOptions>;

const activity = { functionName: z.string(), input: z.unknown().optional() };
const orchestration = { ...activity, instanceId: z.string().nullish(), version: z.string().nullish() };

const callActivity = z.object({ actionType: z.literal(actionType.CallActivity), ...activity });
const callActivityWithRetry = z.object({
  actionType: z.literal(actionType.CallActivityWithRetry),
  ...activity,
  retryOptions,
});
const callSubOrchestrator = z.object({ actionType: z.literal(actionType.CallSubOrchestrator), ...orchestration });
const callSubOrchestratorWithRetry = z.object({
  actionType: z.literal(actionType.CallSubOrchestratorWithRetry),
  ...orchestration,
  retryOptions,
});
const continueAsNew = z.object({ actionType: z.literal(actionType.ContinueAsNew), input: z.unknown().optional() });
const createTimer = z.object({
  actionType: z.literal(actionType.CreateTimer),
  fireAt: z.iso.datetime({ offset: true }),
  isCanceled: z.boolean().default(false),
});
const waitForExternalEvent = z.object({
  actionType: z.literal(actionType.WaitForExternalEvent),
  externalEventName: z.string(),
});
const unsupported = z.object({
  actionType: z.literal([
    actionType.CallEntity,
    actionType.CallHttp,
    actionType.SignalEntity,
    actionType.LockEntities,
    actionType.ReleaseEntities,
  ]),
});
const compound = z.object({
  actionType: z.literal([actionType.WhenAny, actionType.WhenAll]),
  get compoundActions() {
    return z.array(actionSchema);
  },
});

const actionSchema = z.discriminatedUnion('actionType', [
  callActivity,
  callActivityWithRetry,
  callSubOrchestrator,
  callSubOrchestratorWithRetry,
  continueAsNew,
  createTimer,
  waitForExternalEvent,
  unsupported,
  compound,
]);

export type Action = z.infer<typeof actionSchema>;
export type OrchestrationCall = z.infer<typeof callSubOrchestrator> | z.infer<typeof callSubOrchestratorWithRetry>;

/**
 * What an orchestrator answers. From schema V2 on, `actions` holds one inner array with every action since the start of this generation
 * (durable-functions, `OrchestratorState`).
 */
export const orchestratorStateSchema = z.object({
  isDone: z.boolean(),
  actions: z.tuple([z.array(actionSchema)]),
  output: z.unknown().optional(),
  error: z.string().nullish(),
  customStatus: z.unknown().optional(),
});

export type OrchestratorState = z.infer<typeof orchestratorStateSchema>;
