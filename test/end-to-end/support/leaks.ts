import { createHash } from 'node:crypto';
import type { Trace } from './traces.ts';

/** Everything in which a value may hide: as it is, in addresses, in JSON, as base64 and as a plain digest. Lower case. */
function disguisesOf(value: string): string[] {
  const forms = [value, value.toLowerCase(), value.toUpperCase()];
  const digests = forms.flatMap((form) => {
    const digest = createHash('sha256').update(form).digest();
    return [digest.toString('hex'), digest.toString('base64'), digest.toString('base64url')];
  });
  const written = [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)];
  return [...new Set([...written, ...digests].map((text) => text.toLowerCase()))];
}

/** Where values stand that are looked for: one line for each value and place. */
export async function findLeaks(
  traces: AsyncIterable<Trace> | Iterable<Trace>,
  values: readonly string[],
): Promise<string[]> {
  const wanted = values.map((value) => ({ value, disguises: disguisesOf(value) }));
  const leaks = new Set<string>();
  for await (const { where, text } of traces) {
    const lower = text.toLowerCase();
    for (const { value, disguises } of wanted) {
      if (disguises.some((disguise) => lower.includes(disguise))) leaks.add(`${value} in ${where}`);
    }
  }
  return [...leaks].sort();
}
