import { describe, expect, it } from 'vitest';
import { pauseStore } from '../../../src/lib/store/pauses.ts';
import { createBreaker } from '../../../src/lib/upstream/breaker.ts';
import { TurnedClock } from '../steps/support/stage.ts';
import { useAzurite } from '../store/support/azurite.ts';
import { broken, empty, json, keyTarget, readThing, serve, upstreamTo } from './fixture.ts';

const azurite = useAzurite();
const limits = { firstSeconds: 30, ceilingSeconds: 600 };
let targets = 0;

/** Instances of the app, with the same storage and clock. */
function instances(count: number) {
  targets += 1;
  const clock = new TurnedClock();
  const made = () => createBreaker({ pauses: pauseStore(azurite.storage), clock, limits });
  return { clock, name: `studio-${targets}`, breakers: Array.from({ length: count }, made) };
}

const down = { kind: 'down', because: 'nothing answers', place: '/' } as const;

describe('The circuit breaker of a target', () => {
  it('pauses it for every instance, lets exactly one try, and ends when that goes well', async () => {
    const { clock, name, breakers } = instances(4);
    const [first] = breakers;
    if (!first) throw new Error('No instance.');
    for (let time = 0; time < 5; time += 1) {
      await first.saw(name, down);
      clock.turn(3);
    }
    for (const one of breakers) expect(await one.enter(name)).toMatchObject({ kind: 'later' });
    clock.turn(30);
    const entered = await Promise.all(breakers.map((one) => one.enter(name)));
    expect(entered.map(({ kind }) => kind).sort()).toEqual(['later', 'later', 'later', 'probe']);
    const probing = breakers[entered.findIndex(({ kind }) => kind === 'probe')];
    await probing?.saw(name, { kind: 'well' });
    clock.turn(5);
    for (const one of breakers) expect(await one.enter(name)).toEqual({ kind: 'go' });
    expect(await first.pause(name)).toBeUndefined();
  });

  it('is not told of again by those who were on the way: only who tries makes the pause longer', async () => {
    const { clock, name, breakers } = instances(1);
    const [one] = breakers;
    for (let time = 0; time < 20; time += 1) {
      await one?.saw(name, down);
      clock.turn(1);
    }
    expect(await one?.pause(name)).toMatchObject({ tries: 0 });
    clock.turn(30);
    expect(await one?.enter(name)).toEqual({ kind: 'probe' });
    await one?.saw(name, down);
    expect(await one?.pause(name)).toMatchObject({
      tries: 1,
      nextTry: new Date(clock.now().getTime() + 60_000).toISOString(),
    });
  });

  it('lets another try when nothing is heard of the one that tried', async () => {
    const { clock, name, breakers } = instances(2);
    for (let time = 0; time < 5; time += 1) {
      await breakers[0]?.saw(name, down);
      clock.turn(3);
    }
    clock.turn(30);
    expect(await breakers[0]?.enter(name)).toEqual({ kind: 'probe' });
    expect(await breakers[1]?.enter(name)).toMatchObject({ kind: 'later' });
    clock.turn(30);
    expect(await breakers[1]?.enter(name)).toEqual({ kind: 'probe' });
  });
});

describe('What a call shows of its target', () => {
  const told = async (...handlers: Parameters<typeof serve>) => {
    const sights: string[] = [];
    const health = { saw: async (_: string, { kind }: { kind: string }) => void sights.push(kind) };
    const upstream = upstreamTo(await serve(...handlers), { health, retries: 0 });
    const call = { operation: readThing, parameters: { thingId: 'a' } };
    return { verdict: await upstream.send(keyTarget, call), sights };
  };

  it.each([
    [200, ['well']],
    [403, ['well']],
    [404, ['well']],
    [401, ['sign-in']],
    [500, ['failed']],
    [503, ['down']],
    [429, []],
  ])('by a %s is %j', async (status, expected) => {
    expect((await told(json(status, {}))).sights).toEqual(expected);
  });

  it('by no answer is that it is down, by an answer that is none nothing', async () => {
    expect((await told((_, response) => response.destroy())).sights).toEqual(['down']);
    expect((await told(empty(200), broken('{}', 1))).sights).toEqual(['well']);
  });

  it('by an identity service that says no is that it refuses our sign-in, and the item is not refused for that', async () => {
    const sights: string[] = [];
    const health = { saw: async (_: string, { kind }: { kind: string }) => void sights.push(kind) };
    const no = Object.assign(new Error('no'), { name: 'AuthenticationError', statusCode: 403 });
    const getToken = () => Promise.reject(no);
    const upstream = upstreamTo(await serve(json(200, {})), { health, retries: 0, credential: { getToken } });
    const target = { ...keyTarget, signIn: { kind: 'entra' as const, scope: 'https://x/.default' } };
    const verdict = await upstream.send(target, { operation: readThing, parameters: { thingId: 'a' } });
    expect(verdict).toMatchObject({ kind: 'busy', untouched: true });
    expect(sights).toEqual(['sign-in']);
  });
});
