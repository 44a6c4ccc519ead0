import { type Answer, jsonAnswer } from '../http/message.ts';

/** Refused in the shape `eX` of the experiments data plane (endpoints.md; definition `ErrorResponse` of 2019). */
export class ExperimentsRefusal extends Error {
  readonly status: number;
  readonly inner: string;

  constructor(status: number, inner: string, message: string) {
    super(message);
    this.status = status;
    this.inner = inner;
  }
}

/** Errors of callers are called `UserError`; what it was stands inside. */
export function experimentsRefusalAnswer({ status, inner, message }: ExperimentsRefusal, now: number): Answer {
  return jsonAnswer(status, {
    error: {
      code: status < 500 ? 'UserError' : 'ServiceError',
      message,
      target: null,
      details: [],
      innerError: { code: inner, innerError: null },
    },
    correlation: { operation: crypto.randomUUID(), request: crypto.randomUUID() },
    environment: 'eastus2',
    location: 'eastus2',
    time: new Date(now).toISOString(),
  });
}
