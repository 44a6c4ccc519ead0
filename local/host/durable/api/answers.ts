import type { DurableHttpAnswer } from '../../contract.ts';

const contentType = { 'content-type': 'application/json; charset=utf-8' } as const;

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): DurableHttpAnswer {
  return { status, headers: { ...contentType, ...headers }, body: JSON.stringify(body) };
}

export function empty(status: number): DurableHttpAnswer {
  return { status, headers: {}, body: '' };
}

/** A refusal in the shape of ASP.NET's `HttpError`, as the extension writes it. */
export function refusal(
  status: number,
  message: string,
  exception?: { type: string; message: string },
): DurableHttpAnswer {
  const details = exception ? { ExceptionMessage: exception.message, ExceptionType: exception.type } : {};
  return json(status, { Message: message, ...details });
}

const wrongArguments = 'One or more of the arguments submitted is incorrect';

/** What the extension answers where it throws an `ArgumentException`. */
export function wrongArgument(message: string): DurableHttpAnswer {
  return refusal(400, wrongArguments, { type: 'System.ArgumentException', message });
}

export const notFound = empty(404);
export const accepted = empty(202);
/** The instance has ended. */
export const gone = empty(410);
