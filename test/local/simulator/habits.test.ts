import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { call, callRoute, type Route, routesOf, startWithEverything, urlOf } from './every-route.ts';
import { tokenOf } from './learning-asking.ts';
import { fetchReply, firstProject, found, type Reply } from './running.ts';

/* Habits of real clients, and of the real services with them: each on every route that it concerns. */

const simulator = await startWithEverything();
afterAll(() => simulator.stop());
const routes = routesOf(simulator);
const isVision = ({ plane }: Route): boolean => plane.startsWith('Custom Vision');
const isArm = ({ plane }: Route): boolean => plane.startsWith('resource manager');
const isRead = ({ verb, name }: Route): boolean => verb === 'GET' || (verb === 'POST' && !name.includes('Delete'));
/** With next links. `Runs_GetChild` has them too, but a run has one child at most in so small a world. */
const isList = ({ verb, name }: Route): boolean =>
  verb === 'GET' && /^(<?List|\w+_List)/.test(name) && name !== 'ListDeployments';
const deletable = new Set(routes.flatMap((route) => (route.verb === 'DELETE' ? [urlOf(route, { options: [] })] : [])));
const upper = (text: string): string => text.toUpperCase();
const lower = (text: string): string => text.toLowerCase();

const plainly = (route: Route): Promise<Reply> => callRoute(simulator, route, urlOf(route));
const served = (): string | undefined => simulator.calls.list.at(-1)?.operation;

/** Status and body without what repeats the address that was asked: the next link, and the case of names. */
function saidBy({ status, text }: Reply): unknown {
  return { status, text: text.replace(/"nextLink":"[^"]*"/, '').toLowerCase() };
}

/** The route answers another spelling of its address as it answers its own. */
async function expectSame(route: Route, url: string): Promise<void> {
  const expected = saidBy(await plainly(route));
  expect(saidBy(await callRoute(simulator, route, url)), url).toEqual(expected);
  expect(served(), url).toBe(route.name);
}

/** The URL with its path spelled by `spell`: base and literals; of the resource manager the names of resources too. */
function respelled(route: Route, spell: (text: string) => string): string {
  const [, origin = '', base = ''] = /^(https:\/\/[^/]+)(.*)$/.exec(route.base) ?? [];
  const path = route.path.map((segment, index) =>
    isArm(route) || !route.pattern[index]?.startsWith('{') ? spell(segment) : segment,
  );
  return urlOf({ ...route, base: origin + spell(base) }, { path });
}

const pageSchema = z.looseObject({ nextLink: z.string() });
const nextOf = ({ json }: Reply): URL => new URL(pageSchema.parse(json).nextLink);

/** The option of a next link that the first request didn't have: name and value. */
function tokenIn(next: URL, route: Route): [string, string] {
  const asked = new URLSearchParams(route.options.join('&'));
  return found([...next.searchParams].find(([name]) => !asked.has(name)));
}

interface Habit {
  readonly habit: string;
  readonly on: (route: Route) => boolean;
  readonly holds: (route: Route) => Promise<void>;
}

const HABITS: readonly Habit[] = [
  {
    habit: 'a path is found in capitals and in small letters',
    on: isRead,
    async holds(route) {
      for (const spell of [upper, lower]) await expectSame(route, respelled(route, spell));
    },
  },
  {
    habit: 'options that nobody knows are ignored',
    on: isRead,
    holds: (route) => expectSame(route, urlOf(route, { options: ['colour=red', ...route.options, '$unknown=1'] })),
  },
  {
    habit: 'JSON comes with its charset',
    on: (route) => isRead(route) && route.name !== 'Artifacts_Download' && route.name !== '<GetComputeOperationResult>',
    async holds(route) {
      const { headers, json } = await plainly(route);
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
      expect(json).toBeDefined();
    },
  },
  {
    habit: 'a next link is absolute, on the address that was asked, and leads on',
    on: isList,
    async holds(route) {
      const first = await plainly(route);
      const next = nextOf(first);
      expect(next.href.startsWith(`${urlOf(route, { options: [] })}?`), next.href).toBe(true);
      const second = await call(simulator, next.href);
      expect(second.status).toBe(200);
      expect(saidBy(second)).not.toEqual(saidBy(first));
      const { pathname, search } = new URL(urlOf(route));
      const authorized = { Authorization: `Bearer ${await tokenOf(simulator)}` };
      const direct = await fetchReply(simulator.url + pathname + search, { headers: authorized });
      expect(nextOf(direct).href.startsWith(`${simulator.url}${pathname}?`), 'called directly').toBe(true);
    },
  },
  {
    habit: 'a token is taken however its option is written',
    on: isList,
    async holds(route) {
      const next = nextOf(await plainly(route));
      const [name, token] = tokenIn(next, route);
      const second = saidBy(await call(simulator, next.href));
      for (const written of [upper(name), lower(name), name.replace('$', '%24')]) {
        const url = urlOf(route, { options: [...route.options, `${written}=${encodeURIComponent(token)}`] });
        expect(saidBy(await call(simulator, url)), written).toEqual(second);
      }
    },
  },
  {
    habit: 'a stray quote in the version is 400',
    on: ({ versioned }) => versioned,
    async holds(route) {
      for (const quote of ['%22', '%27']) {
        const options = route.options.map((option) => (option.startsWith('api-version=') ? option + quote : option));
        const reply = await call(simulator, urlOf(route, { options }), { method: route.verb });
        expect(reply.status, quote).toBe(400);
      }
    },
  },
  {
    habit: 'DELETE on what is only read is 405, and at Custom Vision’s gateway 404',
    on: (route) => route.verb === 'GET' && !deletable.has(urlOf(route, { options: [] })),
    async holds(route) {
      const { status } = await call(simulator, urlOf(route), { method: 'DELETE' });
      expect(status).toBe(isVision(route) ? 404 : 405);
    },
  },
  {
    habit: 'a route that nobody knows is 404',
    on: ({ verb }) => verb === 'GET',
    async holds(route) {
      const { status } = await call(simulator, urlOf(route, { path: [...route.path, 'colours', 'red'] }));
      expect(status).toBe(404);
    },
  },
  {
    habit: 'slashes of a path are taken raw and as %2F',
    on: (route) => (isRead(route) && /=[^&]*%2F/.test(route.options.join('&'))) || route.pattern.includes('{path*}'),
    async holds(route) {
      const raw = (text: string): string => text.replaceAll('%2F', '/');
      const escaped = (text: string): string => text.replaceAll('/', '%2F');
      await expectSame(route, urlOf(route, { path: route.path.map(raw), options: route.options.map(raw) }));
      const path = route.path.map((segment, index) =>
        route.pattern[index] === '{path*}' ? escaped(segment) : segment,
      );
      await expectSame(route, urlOf(route, { path }));
    },
  },
  {
    habit: 'ids come joined by , or %2C, or in an option each',
    on: ({ verb, options }) => verb === 'GET' && options.some((option) => option.startsWith('imageIds=')),
    async holds(route) {
      const [one = '', other = ''] = found(route.options[0]).slice('imageIds='.length).split(',');
      for (const option of [`${one}%2C${other}`, `${one}&imageIds=${other}`, `${one}, ${other}`])
        await expectSame(route, urlOf(route, { options: [`imageIds=${option}`] }));
    },
  },
];

describe.each(HABITS)('$habit', ({ on, holds }) => {
  test.each(routes.filter(on))('$plane: $name', holds);
});

/** A world of its own, for what changes it. */
async function withAnother(work: (another: typeof simulator) => Promise<void>): Promise<void> {
  const another = await startWithEverything();
  try {
    await work(another);
  } finally {
    await another.stop();
  }
}

test.each(routes.filter((route) => isArm(route) && route.verb === 'DELETE'))(
  'a deletion that is repeated is 204: $plane, $name',
  (route) =>
    withAnother(async (another) => {
      const remove = async () => (await call(another, urlOf(route), { method: 'DELETE' })).status;
      expect([200, 202]).toContain(await remove());
      for (const { finish } of another.world.learning.operations.values()) finish();
      expect(await remove()).toBe(204);
    }),
);

const byIds = routes.filter(({ name }) => name === 'DeleteImages' || name === 'DeletePrediction');
test.each(byIds.flatMap((route) => [',', '%2C', '&'].map((joint) => ({ ...route, joint }))))(
  'ids to be deleted come joined by $joint: $plane, $name',
  (route) =>
    withAnother(async (another) => {
      const { workspace, predictions } = firstProject(another);
      const held: ReadonlyMap<string, unknown> = route.name === 'DeleteImages' ? workspace.images : predictions;
      const { size } = held;
      const [option = '', ids = ''] = found(route.options[0]).split('=');
      const joined = ids.split(',').join(route.joint === '&' ? `&${option}=` : route.joint);
      const reply = await call(another, urlOf(route, { options: [`${option}=${joined}`] }), { method: 'DELETE' });
      expect([reply.status, held.size]).toEqual([204, size - 2]);
    }),
);
