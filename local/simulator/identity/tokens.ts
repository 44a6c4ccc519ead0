import { createHmac } from 'node:crypto';
import { z } from 'zod';

const HOUR_SECONDS = 3600;
const claimsSchema = z.object({ aud: z.string(), exp: z.number(), iat: z.number() });

export interface IssuedToken {
  readonly accessToken: string;
  /** Seconds since 1970. */
  readonly expiresOn: number;
}

/** Issues and recognises access tokens; nothing is stored, a token carries its own proof. */
export interface TokenIssuer {
  /** How long tokens live that are issued from now on: an hour unless somebody shortens it. */
  lifeSeconds: number;
  issue(resource: string): IssuedToken;
  /** Whether the token is ours, unexpired and for one of the audiences. */
  accepts(token: string, audiences: readonly string[]): boolean;
}

/** An issuer whose tokens live by `now` (milliseconds). They are shaped like a JWT, for clients that look inside. */
export function tokenIssuer(seed: string, now: () => number): TokenIssuer {
  const sign = (text: string) => createHmac('sha256', `identity ${seed}`).update(text).digest('base64url');
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const issuer: TokenIssuer = {
    lifeSeconds: HOUR_SECONDS,
    issue: (resource) => {
      const issued = Math.floor(now() / 1_000);
      const expiresOn = Math.floor(now() / 1_000) + issuer.lifeSeconds;
      const claims = { aud: resource, iss: 'simulator', iat: issued, exp: expiresOn, oid: 'app-of-the-simulator' };
      const unsigned = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
      return { accessToken: `${unsigned}.${sign(unsigned)}`, expiresOn };
    },
    accepts: (token, audiences) => {
      const [header = '', payload = '', signature = ''] = token.split('.');
      if (signature !== sign(`${header}.${payload}`)) return false;
      const claims = claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
      return claims.exp * 1_000 > now() && audiences.includes(claims.aud.replace(/\/+$/, ''));
    },
  };
  return issuer;
}
