import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Clock } from '../domain/clock.ts';
import { isRole } from '../domain/roles.ts';
import { actorOfIdentity, type Caller } from './caller.ts';
import type { EntraSettings } from './entra.ts';

/** Clocks may differ by this much, and no more. */
const CLOCK_SKEW_SECONDS = 300;
const FETCH_MILLISECONDS = 5000;
/** An unknown key id makes us fetch the keys again, but not more often than this, whatever is sent. */
const COOLDOWN_MILLISECONDS = 30_000;
/** Keys are fetched again at this age: a key that was withdrawn isn't believed for longer. */
const KEYS_AGE_MILLISECONDS = 10 * 60_000;

export type TokenFault =
  | 'malformed'
  | 'signature'
  | 'unknown-key'
  | 'expired'
  | 'not-yet-valid'
  | 'audience'
  | 'issuer'
  | 'claims';
export type Verified =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly fault: TokenFault }
  /** The tenant's keys can't be had at the moment: nothing is known about the token. */
  | { readonly kind: 'no-keys' };

export type TokenVerifier = (token: string) => Promise<Verified>;

/** What we look at in a token (learn.microsoft.com/entra/identity-platform/access-token-claims-reference). */
const claimsSchema = z.object({
  tid: z.guid(),
  azp: z.guid().optional(),
  appid: z.guid().optional(),
  oid: z.guid().optional(),
  scp: z.string().optional(),
  idtyp: z.string().optional(),
  roles: z.array(z.string()).default([]),
});

/** The tenant's public keys, kept for ten minutes and fetched again when a token names one that isn't among them. */
export const tenantKeys = ({ jwksUrl }: EntraSettings, cooldownMilliseconds = COOLDOWN_MILLISECONDS): JWTVerifyGetKey =>
  createRemoteJWKSet(jwksUrl, {
    cooldownDuration: cooldownMilliseconds,
    timeoutDuration: FETCH_MILLISECONDS,
    cacheMaxAge: KEYS_AGE_MILLISECONDS,
  });

/** Verifies access tokens of one tenant. Only RS256, the one algorithm that Entra ID signs with, is ever tried. */
export function tokenVerifier(entra: EntraSettings, keys: JWTVerifyGetKey, clock: Clock): TokenVerifier {
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer: [...entra.issuers],
        audience: [...entra.audiences],
        requiredClaims: ['exp', 'iat', 'sub'],
        clockTolerance: CLOCK_SKEW_SECONDS,
        currentDate: clock.now(),
      });
      const caller = callerIn(payload, entra.tenantId);
      return caller ? { kind: 'caller', caller } : { kind: 'refused', fault: 'claims' };
    } catch (error) {
      const fault = faultOf(error);
      return fault === undefined ? { kind: 'no-keys' } : { kind: 'refused', fault };
    }
  };
}

/** Undefined for what isn't an access token of this tenant (an ID token names no client). */
function callerIn(payload: JWTPayload, tenantId: string): Caller | undefined {
  const { data: claims } = claimsSchema.safeParse(payload);
  if (claims?.tid.toLowerCase() !== tenantId) return undefined;
  const { azp, appid, oid, scp, idtyp } = claims;
  const clientId = azp ?? appid;
  if (clientId === undefined || (appid !== undefined && appid !== clientId)) return undefined;
  // An application's own token carries no scopes; `idtyp` says it outright where the registration asks for it.
  const ofApplication = idtyp === undefined ? scp === undefined : idtyp === 'app';
  if (!ofApplication && oid === undefined) return undefined;
  const actor = actorOfIdentity({ tenantId, clientId, objectId: ofApplication ? undefined : oid });
  return { actor, roles: new Set(claims.roles.filter(isRole)) };
}

/** What is wrong with the token; undefined where not the token but the way to the keys failed. */
function faultOf(error: unknown): TokenFault | undefined {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return faultOfClaim(error.claim);
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys)
    return 'unknown-key';
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JOSEAlgNotAllowed)
    return 'signature';
  if (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JOSENotSupported
  ) {
    return 'malformed';
  }
  return undefined;
}

function faultOfClaim(claim: string): TokenFault {
  switch (claim) {
    case 'nbf':
      return 'not-yet-valid';
    case 'aud':
      return 'audience';
    case 'iss':
      return 'issuer';
    default:
      return 'claims';
  }
}
