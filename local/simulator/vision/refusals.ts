import { type Answer, jsonAnswer } from '../http/message.ts';

/** The part of the published error codes (definition CustomVisionError) that the simulator uses. */
export type VisionErrorCode =
  | 'BadRequestExceededBatchSize'
  | 'BadRequestInvalid'
  | 'BadRequestInvalidIds'
  | 'BadRequestIterationIsNotTrained'
  | 'BadRequestIterationIsPublished'
  | 'BadRequestIterationNotPublished'
  | 'BadRequestPredictionIdsExceededCount'
  | 'BadRequestPredictionIdsMissing'
  | 'BadRequestPredictionInvalidQueryParameters'
  | 'BadRequestRequiredParamIsNull'
  | 'BadRequestTrainingAlreadyInProgress'
  | 'BadRequestWorkspaceNotDeletable'
  | 'Conflict'
  | 'ErrorUnknown'
  | 'ForbiddenDRModeEnabled'
  | 'NotFoundImage'
  | 'NotFoundIteration'
  | 'NotFoundProject'
  | 'NotFoundTag';

/** Thrown by a handler to refuse; the service turns it into the answer. */
export class VisionRefusal extends Error {
  readonly code: VisionErrorCode;

  constructor(code: VisionErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const statusByPrefix = [
  ['BadRequest', 400],
  ['Forbidden', 403],
  ['NotFound', 404],
  ['Conflict', 409],
] as const;

/** The service's own error: the status follows the code's prefix (endpoints.md, part E). */
export function refusalAnswer({ code, message }: Pick<VisionRefusal, 'code' | 'message'>): Answer {
  const status = statusByPrefix.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 500;
  return jsonAnswer(status, { code, message });
}

/** Errors of the gateway in front of the service have a shape of their own (seen in azure-sdk-for-js#10362). */
export const gatewayAnswers = {
  accessDenied: () =>
    jsonAnswer(401, {
      error: {
        code: '401',
        message:
          'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
      },
    }),
  unknownOperation: () => jsonAnswer(404, { error: { code: '404', message: 'Resource not found' } }),
  tooManyCalls: (operation: string, version: string, seconds: number) => {
    const wait = String(Math.max(1, Math.ceil(seconds)));
    const message = `Requests to the ${operation} Operation under Custom_Vision_Training_${version} have exceeded rate limit of your current Custom_Vision.Training S0 pricing tier. Please retry after ${wait} second(s).`;
    return jsonAnswer(429, { error: { code: '429', message } }, { 'Retry-After': wait });
  },
} as const;
