import type { Authenticated } from '../lib/app/authenticate.ts';
import type { TokenFault } from '../lib/app/bearer.ts';
import type { Caller } from '../lib/app/caller.ts';
import { type ProblemResponse, problem } from '../lib/app/problem.ts';
import type { Role } from '../lib/domain/roles.ts';
import { RETRY_LATER } from './http-answers.ts';

/** Said to who presents the token: it helps with setting up, and tells nothing that isn't in the token. */
const FAULTS: Readonly<Record<TokenFault, string>> = {
  malformed: 'It is no signed token.',
  signature: 'It is not signed as the tenant signs.',
  'unknown-key': 'It is signed with a key that the tenant does not publish.',
  expired: 'It has expired.',
  'not-yet-valid': 'It is not valid yet.',
  audience: 'It is for another API.',
  issuer: 'It is from another tenant.',
  claims: 'It lacks a claim that access tokens have, or contradicts itself.',
};

/** Why nobody is known to be calling (challenges: RFC 6750, section 3). */
export function noCaller(found: Exclude<Authenticated, { kind: 'caller' }>): ProblemResponse {
  switch (found.kind) {
    case 'no-token':
      return problem('no-token', { headers: { 'www-authenticate': 'Bearer' } });
    case 'bad-token':
      return problem('bad-token', {
        detail: FAULTS[found.fault],
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      });
    case 'no-keys':
      return problem('unavailable', { detail: 'The keys of the tenant are not to be had.', headers: RETRY_LATER });
    case 'not-local':
      return problem('not-local', { detail: 'In local mode the app serves its own machine only.' });
  }
}

/** The caller is known and may not do this. */
export function noRole({ actor }: Caller, needed: readonly Role[]): ProblemResponse {
  if (!actor.named) return problem('unnamed-caller', { detail: 'Only a key that the operator has named may do this.' });
  return problem('no-role', {
    detail: `One of these roles is needed: ${needed.join(', ')}.`,
    headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
  });
}
