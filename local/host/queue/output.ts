import { z } from 'zod';
import type { TypedData } from '../contract.ts';

/**
 * The messages that one value of a `queue` output binding becomes, as the genuine host's `FunctionBinding.ReadAsEnumerable` does it: an
 * object (or text that is one) is one message of indented JSON, an array (or text that is one) several, anything else itself.
 */
export function queueMessages(data: TypedData): (string | Buffer)[] {
  if ('bytesBase64' in data) return [Buffer.from(data.bytesBase64, 'base64')];
  if ('int' in data) return [String(data.int)];
  if ('double' in data) return [String(data.double)];
  if ('http' in data) throw new Error('An HTTP answer cannot go to a queue');
  const text = 'json' in data ? data.json : data.string;
  const parsed = parseObjectOrArray(text);
  if (parsed === undefined) return [text];
  return (Array.isArray(parsed) ? parsed : [parsed]).map(messageText);
}

function messageText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function parseObjectOrArray(text: string): object | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return z.union([z.array(z.unknown()), z.looseObject({})]).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
