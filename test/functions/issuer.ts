import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { calculateJwkThumbprint, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';

export const TENANT = '11111111-1111-4111-8111-111111111111';
export const AUDIENCE = 'api://dsr.example.com';

/** Applications and people of the tenant. */
export const PORTAL_APP = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaa1';
export const OTHER_APP = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaa2';
export const ALICE = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbb1';
export const BOB = 'bbbbbbbb-bbbb-4bbb-8bbb-bbbbbbbbbbb2';

type Pair = Awaited<ReturnType<typeof generateKeyPair>>;
interface Key {
  readonly pair: Pair;
  readonly kid: string;
}

/** A tenant as its applications see it: signs tokens, publishes its keys, changes them. */
export interface Issuer {
  readonly url: string;
  /** The app's settings for this tenant. */
  readonly settings: Readonly<Record<string, string>>;
  /** How often keys were fetched. */
  fetches(): number;
  /** An application's token; `claims` replace what it says, undefined leaves a claim out. */
  token(claims?: Readonly<Record<string, unknown>>): Promise<string>;
  /** A token of another key than those published, under a key id of choice. */
  forged(kid: string): Promise<string>;
  /** A token signed with HMAC, the published key as its secret (RFC 8725, section 2.1). */
  confused(): Promise<string>;
  /** A token signed by ES256 with a key that the tenant publishes too. */
  elliptic(): Promise<string>;
  /** From now on another key signs, and it alone is published. */
  rotate(): Promise<void>;
  /** From now on the keys aren't to be had. */
  silence(): void;
  stop(): Promise<void>;
}

const newKey = async (algorithm = 'RS256'): Promise<Key> => {
  const pair = await generateKeyPair(algorithm, { extractable: true });
  return { pair, kid: await calculateJwkThumbprint(await exportJWK(pair.publicKey)) };
};
const published = async ({ pair, kid }: Key): Promise<JWK> => ({
  ...(await exportJWK(pair.publicKey)),
  kid,
  use: 'sig',
});

/** What a version 2 token of Entra ID says that an application got for itself. */
export function usualClaims(url: string, now = Math.floor(Date.now() / 1000)): Record<string, unknown> {
  return {
    iss: `${url}/${TENANT}/v2.0`,
    aud: AUDIENCE,
    tid: TENANT,
    azp: PORTAL_APP,
    sub: 'cccccccc-cccc-4ccc-8ccc-cccccccccccc',
    oid: 'cccccccc-cccc-4ccc-8ccc-cccccccccccc',
    ver: '2.0',
    iat: now - 10,
    nbf: now - 10,
    exp: now + 3600,
    roles: [],
  };
}

/** Starts the tenant on loopback. */
export async function startIssuer(): Promise<Issuer> {
  let key = await newKey();
  const curve = await newKey('ES256');
  let fetches = 0;
  let silent = false;
  const server = createServer((request, response) => {
    if (silent || request.url !== `/${TENANT}/discovery/v2.0/keys`) return void response.writeHead(503).end();
    fetches += 1;
    Promise.all([key, curve].map(published)).then((keys) => response.end(JSON.stringify({ keys })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${portOf(server.address())}`;
  const sign = (claims: Readonly<Record<string, unknown>>, { pair, kid }: Key, alg = 'RS256') =>
    new SignJWT({ ...usualClaims(url), ...claims }).setProtectedHeader({ alg, typ: 'JWT', kid }).sign(pair.privateKey);
  return {
    url,
    settings: { AUTH_MODE: 'entra', ENTRA_TENANT_ID: TENANT, ENTRA_AUDIENCE: AUDIENCE, ENTRA_AUTHORITY: url },
    fetches: () => fetches,
    token: (claims = {}) => sign(claims, key),
    forged: async (kid) => sign({}, { ...(await newKey()), kid }),
    confused: async () =>
      new SignJWT(usualClaims(url))
        .setProtectedHeader({ alg: 'HS256', kid: key.kid })
        .sign(Buffer.from(await exportSPKI(key.pair.publicKey))),
    elliptic: () => sign({}, curve, 'ES256'),
    rotate: async () => {
      key = await newKey();
    },
    silence: () => {
      silent = true;
    },
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The issuer has no port.');
  return address.port;
}

/** A token that nobody signed (RFC 7519, section 6). */
export function unsigned(claims: Readonly<Record<string, unknown>>, alg = 'none'): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg, typ: 'JWT' })}.${part(claims)}.`;
}
