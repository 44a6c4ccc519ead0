/** Reason and details of a failed task, as the history carries them. The library shows `${reason} \n ${details}` to the orchestrator. */
export interface Failure {
  readonly reason: string;
  readonly details: string;
}

interface ThrownError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** HRESULT of `System.Exception` (COR_E_EXCEPTION). */
const exceptionHResult = -2146233088;

/**
 * A failed activity as the genuine extension writes it: a sentence, and an exception serialised by Newtonsoft.Json in full. The length is
 * the point: an app must not show or store it raw.
 */
export function activityFailure(functionName: string, error: ThrownError): Failure {
  return {
    reason: `Activity function '${functionName}' failed: ${error.message}`,
    details: JSON.stringify({
      $type: 'System.Exception, System.Private.CoreLib',
      ClassName: 'System.Exception',
      Message: error.message,
      Data: null,
      InnerException: null,
      HelpURL: null,
      StackTraceString: null,
      RemoteStackTraceString: error.stack ?? null,
      RemoteStackIndex: 0,
      ExceptionMethod: null,
      HResult: exceptionHResult,
      Source: null,
      WatsonBuckets: null,
    }),
  };
}

/** A failed orchestration: the reason becomes its output, both reach a parent. */
export function orchestrationFailure(functionName: string, message: string, stack: string): Failure {
  return {
    reason: `Orchestrator function '${functionName}' failed: ${message}`,
    details: `Message: ${message}, StackTrace: ${stack}`,
  };
}
