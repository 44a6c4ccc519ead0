import type { QueueOptions } from '../host-json.ts';

export type MessageEncoding = QueueOptions['messageEncoding'];

/** Base64 as .NET reads it: white space is allowed, padding is needed. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text inside a stored message; undefined when it isn't base64 though it ought to be. */
export function decodeMessage(stored: string, encoding: MessageEncoding): string | undefined {
  if (encoding === 'none') return stored;
  const compact = stored.replaceAll(/[ \t\r\n]/g, '');
  return BASE64.test(compact) ? Buffer.from(compact, 'base64').toString('utf8') : undefined;
}

export function encodeMessage(text: string | Buffer, encoding: MessageEncoding): string {
  return encoding === 'base64' ? Buffer.from(text).toString('base64') : text.toString();
}
