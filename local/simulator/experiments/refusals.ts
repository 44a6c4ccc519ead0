import { type Answer, jsonAnswer } from '../http/message.ts';
import type { Refusal } from '../http/refusal.ts';

/** The shape `eX` of the experiments data plane (endpoints.md; definition `ErrorResponse` of 2019): errors of callers are `UserError`, what it was stands inside. */
export function experimentsRefusalAnswer({ status, code, message }: Refusal, now: number): Answer {
  return jsonAnswer(status, {
    error: {
      code: status < 500 ? 'UserError' : 'ServiceError',
      message,
      target: null,
      details: [],
      innerError: { code, innerError: null },
    },
    correlation: { operation: crypto.randomUUID(), request: crypto.randomUUID() },
    environment: 'eastus2',
    location: 'eastus2',
    time: new Date(now).toISOString(),
  });
}
