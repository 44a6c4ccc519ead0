import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TokenVerifier, tenantKeys, tokenVerifier } from '../../../src/lib/app/bearer.ts';
import { entraFrom } from '../../../src/lib/app/entra.ts';
import { systemClock } from '../../../src/lib/domain/clock.ts';
import {
  ALICE,
  AUDIENCE,
  type Issuer,
  OTHER_APP,
  PORTAL_APP,
  startIssuer,
  TENANT,
  unsigned,
  usualClaims,
} from '../../functions/issuer.ts';

const OTHER_TENANT = '22222222-2222-4222-8222-222222222222';
const now = Math.floor(Date.now() / 1000);
let issuer: Issuer;
let verify: TokenVerifier;

beforeAll(async () => {
  issuer = await startIssuer();
  const entra = entraFrom(issuer.settings);
  verify = tokenVerifier(entra, tenantKeys(entra), systemClock);
});
afterAll(() => issuer.stop());

const callerOf = async (claims: Readonly<Record<string, unknown>>) => {
  const verified = await verify(await issuer.token(claims));
  if (verified.kind !== 'caller') throw new Error(JSON.stringify(verified));
  return verified.caller;
};

describe('A token of the tenant', () => {
  it('makes an application the actor, with the roles that we know of', async () => {
    const { actor, roles } = await callerOf({ roles: ['Dsr.Submit', 'Dsr.Everything'] });
    expect(actor).toMatchObject({ name: `app:${PORTAL_APP}`, named: true, client: `app:${PORTAL_APP}` });
    expect([...roles]).toEqual(['Dsr.Submit']);
  });

  it('makes a person the actor under a digest, the same through every application, and holds no id of it', async () => {
    const first = await callerOf({ scp: 'access', oid: ALICE });
    const second = await callerOf({ scp: 'access', oid: ALICE.toUpperCase(), azp: OTHER_APP });
    expect(first.actor.name).toMatch(/^user:[0-9a-f]{32}$/);
    expect(second.actor.name).toBe(first.actor.name);
    expect([first.actor.client, second.actor.client]).toEqual([`app:${PORTAL_APP}`, `app:${OTHER_APP}`]);
    expect(JSON.stringify(first)).not.toContain(ALICE);
  });

  it('may be of version 1, and off by up to five minutes', async () => {
    const version1 = { iss: `https://sts.windows.net/${TENANT}/`, azp: undefined, appid: PORTAL_APP, ver: '1.0' };
    expect((await callerOf(version1)).actor.name).toBe(`app:${PORTAL_APP}`);
    await callerOf({ exp: now - 240 });
    await callerOf({ nbf: now + 240 });
  });

  it.each([
    ['has expired', { exp: now - 360 }, 'expired'],
    ['is not valid yet', { nbf: now + 360 }, 'not-yet-valid'],
    ['is for another API', { aud: 'api://other' }, 'audience'],
    ['is for nobody', { aud: undefined }, 'audience'],
    ['is from another tenant', { iss: `https://sts.windows.net/${OTHER_TENANT}/`, tid: OTHER_TENANT }, 'issuer'],
    ['says another tenant inside', { tid: OTHER_TENANT }, 'claims'],
    ['says no issuer', { iss: undefined }, 'issuer'],
    ['never expires', { exp: undefined }, 'claims'],
    ['says no issue time', { iat: undefined }, 'claims'],
    ['is an ID token: it names no client', { azp: undefined }, 'claims'],
    ['names two clients', { appid: OTHER_APP }, 'claims'],
    ['is a person’s without saying whose', { scp: 'access', oid: undefined }, 'claims'],
    ['has roles that are no list', { roles: 'Dsr.Submit' }, 'claims'],
  ])('is refused when it %s', async (_, claims, fault) => {
    expect(await verify(await issuer.token(claims))).toEqual({ kind: 'refused', fault });
  });

  it('is refused unsigned, under another algorithm, with another key, and cut short', async () => {
    const fault = async (token: string) => verify(token).then((verified) => 'fault' in verified && verified.fault);
    expect(await fault(unsigned(usualClaims(issuer.url)))).toBe('signature');
    expect(await fault(unsigned(usualClaims(issuer.url), 'HS256'))).toBe('signature');
    expect(await fault(await issuer.confused())).toBe('signature');
    const good = await issuer.token();
    const { kid } = JSON.parse(Buffer.from(good.split('.')[0] ?? '', 'base64url').toString());
    expect(await fault(await issuer.forged(kid))).toBe('signature');
    expect(await fault(await issuer.forged('unknown'))).toBe('unknown-key');
    expect(await fault(good.slice(0, good.lastIndexOf('.')))).toBe('malformed');
    expect(await fault('x')).toBe('malformed');
  });
});

describe('The keys of the tenant', () => {
  it('are fetched again when a token names one that is new, and what they no longer hold is refused', async () => {
    const tenant = await startIssuer();
    const entra = entraFrom(tenant.settings);
    const check = tokenVerifier(entra, tenantKeys(entra, 0), systemClock);
    const before = await tenant.token();
    expect((await check(before)).kind).toBe('caller');
    await tenant.rotate();
    expect((await check(await tenant.token())).kind).toBe('caller');
    expect(await check(before)).toEqual({ kind: 'refused', fault: 'unknown-key' });
    await tenant.stop();
  });

  it('are not fetched for every unknown key id', async () => {
    await verify(await issuer.token());
    const before = issuer.fetches();
    for (const kid of ['a', 'b', 'c']) await verify(await issuer.forged(kid));
    expect(issuer.fetches() - before).toBeLessThanOrEqual(1);
  });

  it('say nothing about a token while they are not to be had', async () => {
    const tenant = await startIssuer();
    const token = await tenant.token();
    const entra = entraFrom(tenant.settings);
    const check = tokenVerifier(entra, tenantKeys(entra), systemClock);
    tenant.silence();
    expect(await check(token)).toEqual({ kind: 'no-keys' });
    await tenant.stop();
    expect(await check(token)).toEqual({ kind: 'no-keys' });
  });
});

describe('The settings of the tenant', () => {
  const given = { ENTRA_TENANT_ID: TENANT, ENTRA_AUDIENCE: `${AUDIENCE}, ${PORTAL_APP}` };

  it('mean the public cloud unless another is named', () => {
    const entra = entraFrom(given);
    expect(entra.audiences).toEqual([AUDIENCE, PORTAL_APP]);
    expect(entra.issuers).toEqual([
      `https://login.microsoftonline.com/${TENANT}/v2.0`,
      `https://sts.windows.net/${TENANT}/`,
    ]);
    expect(entra.jwksUrl.href).toBe(`https://login.microsoftonline.com/${TENANT}/discovery/v2.0/keys`);
    const china = entraFrom({ ...given, ENTRA_AUTHORITY: 'https://login.partner.microsoftonline.cn/' });
    expect(china.issuers[1]).toBe(`https://sts.chinacloudapi.cn/${TENANT}/`);
  });

  it.each([
    ['every tenant', { ENTRA_TENANT_ID: 'common' }],
    ['no audience', { ENTRA_AUDIENCE: ' , ' }],
    ['somebody else’s sign-in service', { ENTRA_AUTHORITY: 'https://login.example.com' }],
    ['plain http elsewhere', { ENTRA_AUTHORITY: 'http://login.microsoftonline.com' }],
    ['loopback on Azure', { ENTRA_AUTHORITY: 'http://127.0.0.1:1', WEBSITE_SITE_NAME: 'dsr' }],
    ['loopback with a path', { ENTRA_AUTHORITY: 'http://127.0.0.1:1/x' }],
    ['no URL', { ENTRA_AUTHORITY: 'nowhere' }],
  ])('are refused with %s', (_, change) => {
    expect(() => entraFrom({ ...given, ...change })).toThrow();
  });
});
