import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { mintRequestId } from '../../src/lib/domain/ids.ts';
import { ROLES, type Role } from '../../src/lib/domain/roles.ts';
import { ALICE, type Issuer, OTHER_APP, PORTAL_APP, startIssuer } from './issuer.ts';
import { problemOf, useApi } from './support.ts';

const OTHER_TENANT = '22222222-2222-4222-8222-222222222222';
const docs = new URL('../../docs/opendsr/', import.meta.url);
const OPEN_DSR = {
  OPENDSR_DOMAIN: 'dsr.example.com',
  OPENDSR_SIGNING_KEY: readFileSync(new URL('test-key.pem', docs), 'utf8'),
  OPENDSR_CERTIFICATE: readFileSync(new URL('certificate.pem', docs), 'utf8'),
};
let issuer: Issuer;
const api = useApi(undefined, async () => {
  issuer = await startIssuer();
  return { ...issuer.settings, ...OPEN_DSR };
});
afterAll(() => issuer.stop());

const SUBMISSION = { action: 'export', subject: { reference: 'case-77' }, targets: 'all', scope: 'target' };
const DECISION = { decision: 'reject', planHash: 'a'.repeat(64) };
const ANY = [...ROLES];

/** Who may call what: written down a second time, by hand, from docs/SECURITY.md. */
const MAY: readonly { route: string; roles: readonly Role[]; body?: unknown }[] = [
  { route: 'POST requests', roles: ['Dsr.Submit'], body: SUBMISSION },
  { route: 'GET requests', roles: ANY },
  { route: 'GET requests/{id}', roles: ANY },
  { route: 'GET requests/{id}/plan', roles: ANY },
  { route: 'POST requests/{id}/decision', roles: ['Dsr.Approve'], body: DECISION },
  { route: 'POST requests/{id}/cancel', roles: ['Dsr.Submit', 'Dsr.Operate'], body: {} },
  { route: 'POST requests/{id}/extend', roles: ['Dsr.Operate'], body: { reason: 'many requests' } },
  {
    route: 'POST holds',
    roles: ['Dsr.Operate'],
    body: { reference: 'case-77', reason: 'litigation', reviewBy: '2126-01-01T00:00:00Z' },
  },
  { route: 'GET holds', roles: ['Dsr.Operate', 'Dsr.Read'] },
  { route: 'DELETE holds/{holdId}', roles: ['Dsr.Operate'], body: { reason: 'settled' } },
  { route: 'POST sweeps/{name}', roles: ['Dsr.Operate'], body: {} },
  { route: 'GET requests/{id}/package', roles: ['Dsr.Submit', 'Dsr.Read'] },
  { route: 'GET requests/{id}/package/{name}', roles: ['Dsr.Submit', 'Dsr.Read'] },
  { route: 'GET requests/{id}/receipt', roles: ANY },
  { route: 'GET requests/{id}/journal', roles: ANY },
  { route: 'GET opendsr/v2/discovery', roles: ANY },
  { route: 'POST opendsr/v2/requests', roles: ['Dsr.Submit'], body: {} },
  { route: 'GET opendsr/v2/requests/{id}', roles: ['Dsr.Submit'] },
  { route: 'DELETE opendsr/v2/requests/{id}', roles: ['Dsr.Submit'] },
  { route: 'GET opendsr/v1/discovery', roles: ANY },
  { route: 'POST opendsr/v1/opengdpr_requests', roles: ['Dsr.Submit'], body: {} },
  { route: 'GET opendsr/v1/opengdpr_requests/{id}', roles: ['Dsr.Submit'] },
  { route: 'DELETE opendsr/v1/opengdpr_requests/{id}', roles: ['Dsr.Submit'] },
];

interface Sent {
  readonly route: string;
  readonly body?: unknown;
  readonly id?: string;
  readonly token?: string;
}

function send({ route, body, id = mintRequestId(), token }: Sent): Promise<Response> {
  const [method = '', path = ''] = route.split(' ');
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return api.call(path.replace('{id}', id).replace('{name}', 'manifest.json'), init);
}

const person = (roles: readonly string[], more: Readonly<Record<string, unknown>> = {}): Promise<string> =>
  issuer.token({ scp: 'access', oid: ALICE, roles, ...more });

const typeOf = async (answer: Response): Promise<string> =>
  answer.headers.get('content-type') === 'application/problem+json'
    ? (await problemOf(answer)).type
    : `answered ${answer.status} ${await answer.body?.cancel()}`;

const ofPortal = { client: `app:${PORTAL_APP}`, submittedBy: 'user:somebody' };

describe('Each route', () => {
  it('of the source stands in the table of who may call what', () => {
    const folder = new URL('../../src/functions/', import.meta.url);
    const source = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const routes = source.flatMap((text) =>
      [...text.matchAll(/method: '([A-Z]+)',\s+path: '([^']+)'/g)].map(([, method, path]) => `${method} ${path}`),
    );
    expect(routes.sort()).toEqual(MAY.map(({ route }) => route).sort());
  });

  it.each(MAY)('$route is opened by its roles, on own requests, and by no other', async ({ route, roles, body }) => {
    const { requestId: id } = await api.stored(ofPortal);
    for (const role of ROLES) {
      const type = await typeOf(await send({ route, body, id, token: await person([role]) }));
      if (roles.includes(role)) expect(type).not.toMatch(/no-role|no-request|-token|unnamed/);
      else expect(type).toBe('/problems/no-role');
    }
    expect(await typeOf(await send({ route, body, id, token: await person([]) }))).toBe('/problems/no-role');
    expect(await typeOf(await send({ route, body, id, token: await person(['dsr.read', 'Admin']) }))).toBe(
      '/problems/no-role',
    );
  });

  it.each(MAY)('$route says 401 without a token and with a bad one', async ({ route, body }) => {
    const bare = await send({ route, body });
    expect(bare.headers.get('www-authenticate')).toBe('Bearer');
    expect(await problemOf(bare)).toMatchObject({ status: 401, type: '/problems/no-token' });
    const now = Math.floor(Date.now() / 1000);
    const bad = [
      await person(ANY, { exp: now - 400 }),
      await person(ANY, { nbf: now + 400 }),
      await person(ANY, { aud: 'api://other' }),
      await person(ANY, { tid: OTHER_TENANT, iss: `${issuer.url}/${OTHER_TENANT}/v2.0` }),
      await issuer.confused(),
      await issuer.forged('unknown'),
      unsignedLike(await person(ANY)),
    ];
    for (const token of bad) {
      const answer = await send({ route, body, token });
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
      expect(await problemOf(answer)).toMatchObject({ status: 401, type: '/problems/bad-token' });
    }
  });

  it.each(MAY.filter(({ route }) => route.includes('{id}')))(
    '$route knows nothing of another client’s request, unless for Dsr.Read',
    async ({ route, roles, body }) => {
      const { requestId: id } = await api.stored(ofPortal);
      const others = ANY.filter((role) => role !== 'Dsr.Read');
      const stranger = await person(others, { azp: OTHER_APP });
      const unknown = await (await send({ route, body, token: stranger })).text();
      const hidden = await send({ route, body, id, token: stranger });
      expect(hidden.status).toBe(404);
      expect(await hidden.text()).toBe(unknown);
      const reader = await person(['Dsr.Read', ...roles], { azp: OTHER_APP });
      expect(await typeOf(await send({ route, body, id, token: reader }))).not.toMatch(/no-request|no-role/);
    },
  );

  it('needs the function key besides the token', async () => {
    const headers = { authorization: `Bearer ${await person(ANY)}`, 'x-functions-key': 'wrong' };
    expect((await api.call('requests', { headers })).status).toBe(401);
  });
});

/** The same claims under the algorithm "none". */
const unsignedLike = (token: string): string =>
  `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${token.split('.')[1]}.`;

describe('A list', () => {
  const listSchema = z.object({ requests: z.array(z.looseObject({ requestId: z.string() })) });
  const listed = async (token: string) => {
    const answer = await send({ route: 'GET requests', token });
    return listSchema.parse(await answer.json()).requests.map(({ requestId }) => requestId);
  };

  it('holds the requests of the caller’s own client, for Dsr.Read those of all', async () => {
    const ours = await api.stored(ofPortal);
    const theirs = await api.stored({ client: `app:${OTHER_APP}` });
    const own = await listed(await person(['Dsr.Submit'], { azp: OTHER_APP }));
    expect(own).toEqual([theirs.requestId]);
    const all = await listed(await person(['Dsr.Read'], { azp: OTHER_APP }));
    expect(all).toEqual(expect.arrayContaining([ours.requestId, theirs.requestId]));
  });
});

describe('Four eyes', () => {
  const acceptedSchema = z.looseObject({ requestId: z.string() });
  const decided = async (id: string, token: string) =>
    typeOf(await send({ route: 'POST requests/{id}/decision', id, body: DECISION, token }));
  const submitted = async (token: string) =>
    acceptedSchema.parse(await (await send({ route: 'POST requests', body: SUBMISSION, token })).json()).requestId;
  const OWN = '/problems/own-request';
  const NOT_YET = '/problems/not-awaiting-decision';

  it('see that a person does not decide on what it submitted, through whatever application', async () => {
    const id = await submitted(await person(['Dsr.Submit']));
    const roles = ['Dsr.Approve', 'Dsr.Read'];
    expect(await decided(id, await person(roles))).toBe(OWN);
    expect(await decided(id, await person(roles, { azp: OTHER_APP }))).toBe(OWN);
    expect(await decided(id, await person(roles, { oid: mintRequestId() }))).toBe(NOT_YET);
  });

  it('see that an application does not decide on what came through it', async () => {
    const roles = ['Dsr.Submit', 'Dsr.Approve', 'Dsr.Read'];
    const application = await issuer.token({ roles });
    expect(await decided(await submitted(application), application)).toBe(OWN);
    expect(await decided(await submitted(await person(['Dsr.Submit'])), application)).toBe(OWN);
    expect(await decided(await submitted(application), await issuer.token({ roles, azp: OTHER_APP }))).toBe(NOT_YET);
    expect(await decided(await submitted(application), await person(roles))).toBe(NOT_YET);
  });

  it('leave a digest in the journal, never the id of a person', async () => {
    const token = await person(['Dsr.Submit']);
    const id = await submitted(token);
    const journal = await (await send({ route: 'GET requests/{id}/journal', id, token })).text();
    expect(journal).toMatch(/"actor":"user:[0-9a-f]{32}"/);
    expect(journal + api.log.join('\n')).not.toContain(ALICE);
  });
});
