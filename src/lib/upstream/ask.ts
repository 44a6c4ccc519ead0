import type { Branch } from '../catalog/family.ts';
import type { Target } from '../domain/target.ts';
import type { Verdict } from '../plan/verdict.ts';
import { mayCarrySecret } from './api-hosts.ts';
import { type Repeat, withAttempts } from './attempts.ts';
import { type Answer, type ExchangeOptions, exchange, type Outgoing } from './exchange.ts';
import { verdictOfError } from './failure.ts';

/** What all calls share. */
export interface Settings extends ExchangeOptions {
  /** Short tries again within one call. */
  readonly retries: number;
  readonly branches: readonly Branch[];
}

/**
 * Sends a request, again after short waits where that is allowed, and reads the answer. A MalformedAnswer that `read` throws counts as
 * busy, like an answer that broke off.
 */
export function ask<T>(
  settings: Settings,
  request: { readonly outgoing: Outgoing; readonly repeat: Repeat },
  read: (answer: Answer) => Verdict<T>,
): Promise<Verdict<T>> {
  let resend = -1;
  return withAttempts(settings, request.repeat, async () => {
    resend += 1;
    const verdict = await exchange(settings, { ...request.outgoing, resend });
    if (verdict.kind !== 'ok') return verdict;
    try {
      return read(verdict.value);
    } catch (error) {
      return verdictOfError(error, request.outgoing.name, settings.clock.now());
    }
  });
}

/** The URL behind a link in an answer to `from`, when a call with the target's secret may go there. */
export function signedLink(
  { branches }: Settings,
  target: Target,
  link: { readonly text: string; readonly from: string },
): URL | undefined {
  if (!URL.canParse(link.text, link.from)) return undefined;
  const url = new URL(link.text, link.from);
  url.hash = '';
  return mayCarrySecret(target, url.href, branches) ? url : undefined;
}

/** A refusal of our own: nothing was sent. */
export const refusal = (name: string, code: string): Verdict<never> => ({
  kind: 'refused',
  status: 0,
  code,
  reason: `${name}: ${code}`,
});
