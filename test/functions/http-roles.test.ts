import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Description } from '../../src/lib/api/description.ts';
import { ROUTES } from '../../src/lib/api/routes.ts';
import { mintRequestId } from '../../src/lib/domain/ids.ts';
import { ROLES, type Role } from '../../src/lib/domain/roles.ts';
import { ALICE, type Issuer, OTHER_APP, PORTAL_APP, startIssuer } from './issuer.ts';
import { registeredFunctions } from './registered.ts';
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
const MAY: readonly { route: string; roles: readonly Role[]; operates?: true; body?: unknown }[] = [
  { route: 'POST requests', roles: ['Dsr.Submit'], body: SUBMISSION },
  { route: 'GET requests', roles: ANY },
  { route: 'GET requests/{id}', roles: ANY },
  { route: 'GET requests/{id}/plan', roles: ANY },
  { route: 'GET requests/{id}/plan/items', roles: ANY },
  { route: 'POST requests/{id}/decision', roles: ['Dsr.Approve'], body: DECISION },
  { route: 'POST requests/{id}/cancel', roles: ['Dsr.Submit', 'Dsr.Operate'], operates: true, body: {} },
  { route: 'POST requests/{id}/extend', roles: ['Dsr.Operate'], operates: true, body: { reason: 'many requests' } },
  { route: 'GET requests/{id}/failures', roles: ['Dsr.Operate', 'Dsr.Read'] },
  {
    route: 'POST requests/{id}/redrive',
    roles: ['Dsr.Operate'],
    operates: true,
    body: { reason: 'the lock is lifted' },
  },
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
  { route: 'POST requests/{id}/package/{name}/link', roles: ['Dsr.Submit', 'Dsr.Read'], body: {} },
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

/** Without key and token: what tells nothing, and links, whose address is the secret. */
const OPEN = [
  'GET health',
  'GET .well-known/jwks.json',
  'GET openapi.json',
  'GET opendsr/certificate.pem',
  'GET downloads/{token}',
  'OPTIONS {*path}',
];

const httpSchema = z.looseObject({
  type: z.literal('httpTrigger'),
  methods: z.array(z.string()),
  route: z.string(),
  authLevel: z.enum(['anonymous', 'function']),
});

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
  it('that the app registers stands in a table: of who may call it, or of what is open to anybody', async () => {
    const triggers = (await registeredFunctions()).flatMap(({ bindings }) => Object.values(bindings));
    const routes = triggers.flatMap((binding) => {
      const http = httpSchema.safeParse(binding);
      return http.success
        ? http.data.methods.map((method) => [`${method} ${http.data.route}`, http.data.authLevel])
        : [];
    });
    const open = routes.flatMap(([route = '', level]) => (level === 'anonymous' ? route : []));
    const keyed = routes.flatMap(([route = '', level]) => (level === 'function' ? route : []));
    expect(open.length + keyed.length).toBe(routes.length);
    expect(keyed.sort()).toEqual(MAY.map(({ route }) => route).sort());
    expect(open.sort()).toEqual([...OPEN].sort());
  });

  it('has the roles in the OpenAPI document that stand in the table', () => {
    const described = Object.values<Description>(ROUTES).flatMap(({ method, path, roles }) =>
      roles === 'anybody' ? [] : { route: `${method} ${path}`, roles },
    );
    expect(new Map(described.map(({ route, roles }) => [route, roles]))).toEqual(
      new Map(MAY.map(({ route, roles }) => [route, roles])),
    );
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
      await issuer.elliptic(),
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
    '$route knows nothing of another client’s request, unless for Dsr.Read, or for Dsr.Operate where that operates',
    async ({ route, roles, operates, body }) => {
      const id = await ownOf(route);
      const as = (azp: string, given: readonly Role[]) => person(given, { azp });
      const reaching: readonly Role[] = operates ? ['Dsr.Read', 'Dsr.Operate'] : ['Dsr.Read'];
      const others = roles.some((role) => !reaching.includes(role))
        ? ANY.filter((role) => !reaching.includes(role))
        : [];
      if (others.length > 0) {
        const stranger = await as(OTHER_APP, others);
        const unknown = await (await send({ route, body, token: stranger })).text();
        const hidden = await send({ route, body, id, token: stranger });
        expect(hidden.status).toBe(404);
        expect(await hidden.text()).toBe(unknown);
      }
      expect(await typeOf(await send({ route, body, id, token: await as(PORTAL_APP, roles) }))).not.toMatch(HIDDEN);
      // A controller’s ids of the standard are its own: whoever reads all finds such a request under its native id.
      if (route.includes('opendsr')) return;
      for (const role of reaching) {
        const token = await as(OTHER_APP, [role, ...roles.filter((one) => !reaching.includes(one))]);
        const type = await typeOf(await send({ route, body, id, token }));
        if (roles.includes(role) || others.length > 0) expect(type).not.toMatch(HIDDEN);
      }
    },
  );

  it('that reads is not opened for another client’s request by Dsr.Operate', () => {
    const acting = MAY.filter(({ operates }) => operates).map(({ route }) => route.split(' ')[0]);
    expect(new Set(acting)).toEqual(new Set(['POST']));
  });

  it.each(MAY.filter(({ operates }) => operates))(
    '$route tells whoever only operates no more of another client’s request than its id, how it stands and what was ordered',
    async ({ route, body }) => {
      const { requestId: id } = await api.stored({ ...ofPortal, due: DUE });
      const token = await person(['Dsr.Operate'], { azp: OTHER_APP });
      const answer = z.looseObject({}).parse(await (await send({ route, body, id, token })).json());
      const told = ['requestId', 'state', 'cancel', 'due', 'expectedCompletion', 'deadline', 'links', ...PROBLEM];
      expect(Object.keys(answer).filter((member) => !told.includes(member))).toEqual([]);
    },
  );

  it('needs the function key besides the token', async () => {
    const headers = { authorization: `Bearer ${await person(ANY)}`, 'x-functions-key': 'wrong' };
    expect((await api.call('requests', { headers })).status).toBe(401);
  });
});

const DUE = { regulation: 'gdpr' as const, by: '2126-01-01T00:00:00.000Z' };
const PROBLEM = ['type', 'title', 'status', 'detail'];

const idSchema = z.looseObject({ id: z.string() });
const holdsSchema = z.object({ holds: z.array(idSchema) });

const HIDDEN = /no-request|no-role|answered 404/;

/** The id, in the route's own words, of a request that came in through the portal. */
async function ownOf(route: string): Promise<string> {
  if (!route.includes('opendsr')) return (await api.stored(ofPortal)).requestId;
  const id = randomUUID();
  const order = {
    regulation: 'gdpr',
    subject_request_id: id,
    subject_request_type: 'access',
    submitted_time: '2026-03-01T12:00:00Z',
    subject_identities: [{ identity_type: 'email', identity_value: 'a@example.com', identity_format: 'raw' }],
  };
  const path = route.includes('/v1/') ? 'opendsr/v1/opengdpr_requests' : 'opendsr/v2/requests';
  const token = await person(['Dsr.Submit']);
  expect((await send({ route: `POST ${path}`, body: order, token })).status).toBe(201);
  return id;
}

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

describe('The list of holds', () => {
  it('holds those on requests of the caller’s own client and those it set, for Dsr.Read all', async () => {
    const ours = await api.stored(ofPortal);
    const theirs = await api.stored({ client: `app:${OTHER_APP}` });
    const other = await person(['Dsr.Operate'], { azp: OTHER_APP, oid: randomUUID() });
    const operator = await person(['Dsr.Operate']);
    const set = async (token: string, on: Readonly<Record<string, string>>) => {
      const body = { ...on, reason: 'litigation', reviewBy: '2126-01-01T00:00:00Z' };
      return idSchema.parse(await (await send({ route: 'POST holds', body, token })).json()).id;
    };
    const onOurs = await set(other, { request: ours.requestId });
    const onTheirs = await set(other, { request: theirs.requestId });
    const onPerson = await set(other, { reference: 'case-of-theirs' });
    const mine = await set(operator, { request: theirs.requestId });
    const listed = async (token: string) => {
      const answer = await send({ route: 'GET holds?limit=200', token });
      return holdsSchema.parse(await answer.json()).holds.map(({ id }) => id);
    };
    const own = await listed(operator);
    expect(own).toEqual(expect.arrayContaining([onOurs, mine]));
    expect(own.filter((id) => [onTheirs, onPerson].includes(id))).toEqual([]);
    expect(await listed(await person(['Dsr.Operate', 'Dsr.Read']))).toEqual(
      expect.arrayContaining([onOurs, onTheirs, onPerson, mine]),
    );
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
