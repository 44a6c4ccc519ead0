import { randomBytes } from 'node:crypto';
import type { Invocation, InvocationOutcome } from '../contract.ts';
import type { CoreContext, FunctionCallback, InvocationModel } from './model.ts';
import { findFunction, getModel, type RegisteredFunction, runHooks, writeLog } from './registry.ts';
import { fromResponse, toRpc } from './typed-data.ts';

/** Shared by all hooks of this worker, as the genuine worker's `appHookData`. */
export const appHookData: Record<string, unknown> = {};

/** Runs one invocation through the programming model, hooks included. Never rejects. */
export async function runInvocation(invocation: Invocation): Promise<InvocationOutcome> {
  const registered = findFunction(invocation.functionName);
  const model = getModel();
  if (registered === undefined || model === undefined) {
    return failed(new Error(`Worker has no function "${invocation.functionName}"`));
  }
  const context = coreContext(invocation, registered);
  try {
    const invocationModel = model.getInvocationModel(context);
    const response = await callWithHooks(invocationModel, context, registered.callback);
    return { kind: 'completed', ...fromResponse(response) };
  } catch (error) {
    return failed(error);
  }
}

function coreContext(invocation: Invocation, registered: RegisteredFunction): CoreContext {
  const { invocationId, functionName } = invocation;
  return {
    invocationId,
    metadata: registered.metadata,
    request: {
      inputData: invocation.inputData.map(({ name, data }) => ({ name, data: toRpc(data) })),
      triggerMetadata: Object.fromEntries(
        Object.entries(invocation.triggerMetadata).map(([name, data]) => [name, toRpc(data)]),
      ),
      traceContext: { traceParent: `00-${hex(16)}-${hex(8)}-01`, traceState: '' },
    },
    state: undefined,
    log(level, category, message) {
      if (category === 'user' || (level !== 'debug' && level !== 'trace')) {
        writeLog(`[${level}] ${functionName} ${invocationId}: ${message}`);
      }
    },
  };
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

async function callWithHooks(model: InvocationModel, core: CoreContext, callback: FunctionCallback) {
  const { context, inputs } = await model.getArguments();
  const shared = { hookData: {}, appHookData, invocationContext: context };

  core.state = 'preInvocationHooks';
  const before: Record<string, unknown> = { ...shared, functionCallback: callback, inputs };
  await runHooks('preInvocation', before);
  const handler = before.functionCallback;
  const finalInputs = before.inputs;
  if (!isCallback(handler) || !Array.isArray(finalInputs)) throw new Error('A preInvocation hook spoilt its context');

  core.state = 'invocation';
  const after: Record<string, unknown> = { ...shared, inputs: finalInputs, result: null, error: null };
  try {
    after.result = await model.invokeFunction(context, finalInputs, handler);
  } catch (error) {
    after.error = error ?? new Error('The function threw nothing');
  }
  core.state = 'postInvocationHooks';
  await runHooks('postInvocation', after);
  core.state = undefined;
  if (after.error) throw after.error;
  return model.getResponse(context, after.result);
}

function isCallback(value: unknown): value is FunctionCallback {
  return typeof value === 'function';
}

function failed(error: unknown): InvocationOutcome {
  if (!(error instanceof Error)) return { kind: 'failed', error: { name: 'Error', message: String(error) } };
  const { name, message, stack } = error;
  return { kind: 'failed', error: { name, message, ...(stack === undefined ? {} : { stack }) } };
}
