import type { GetTokenOptions } from '@azure/core-auth';
import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineResponse,
  type SendRequest,
} from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { signInPolicy } from '../../../src/lib/upstream/sign-in.ts';
import { credential, entraTarget, KEY, keyTarget, TOKEN } from './fixture.ts';

const answer = async (request: PipelineResponse['request']): Promise<PipelineResponse> => ({
  request,
  status: 200,
  headers: createHttpHeaders(),
});

describe('signing in', () => {
  test.each([
    ['another host', 'https://evil.example/x'],
    ['a child of the host', 'https://a.studio.cognitiveservices.azure.com/x'],
    ['a host that begins alike', 'https://studio.cognitiveservices.azure.com.evil.example/x'],
    ['another port', 'https://studio.cognitiveservices.azure.com:8443/x'],
    ['plain http', 'http://studio.cognitiveservices.azure.com/x'],
    ['a user part', 'https://studio.cognitiveservices.azure.com@evil.example/x'],
  ])('never happens for %s, and no secret is read', async (_, url) => {
    const read: string[] = [];
    const sources = {
      secret: (name: string) => {
        read.push(name);
        return KEY;
      },
      credential: {
        getToken: async () => {
          read.push('token');
          return { token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 };
        },
      },
    };
    for (const target of [keyTarget, entraTarget]) {
      const request = createPipelineRequest({ url });
      await expect(async () => signInPolicy(target, sources).sendRequest(request, answer)).rejects.toThrow(
        'its own host',
      );
      expect(request.headers.toJSON()).not.toHaveProperty('training-key');
    }
    expect(read).toEqual([]);
  });

  test('asks for the scope of the target', async () => {
    const scopes: unknown[] = [];
    const recording = {
      getToken: async (scope: string | string[]) => {
        scopes.push(scope);
        return { token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 };
      },
    };
    const request = createPipelineRequest({ url: `${entraTarget.endpoint}/x` });
    await signInPolicy(entraTarget, { credential: recording, secret: () => undefined }).sendRequest(request, answer);
    expect(scopes.flat()).toEqual(['https://cognitiveservices.azure.com/.default']);
  });

  test.each([
    [400, true],
    [401, true],
    [408, false],
    [429, false],
    [503, false],
  ])('that the identity service answers with %i is final: %s', async (statusCode, final) => {
    const failure = Object.assign(new Error('Ann'), { name: 'AuthenticationError', statusCode });
    const sources = { secret: () => undefined, credential: { getToken: () => Promise.reject(failure) } };
    const request = createPipelineRequest({ url: `${entraTarget.endpoint}/x` });
    const policy = signInPolicy(entraTarget, sources);
    await expect(policy.sendRequest(request, answer)).rejects.toMatchObject({ name: 'SignInFailed', final });
  });

  describe('with a token that the target refuses', () => {
    /** A credential that gives these tokens in turn, and a target that takes only one of them. */
    const refusing = (tokens: readonly string[], taken: string, challenge = {}) => {
      const asked: (string | undefined)[] = [];
      const sent: (string | undefined)[] = [];
      const getToken = async (_: unknown, options?: GetTokenOptions) => {
        const token = tokens[Math.min(asked.length, tokens.length - 1)] ?? '';
        asked.push(options?.claims);
        if (token === 'none') throw new Error('no token');
        return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
      };
      const target: SendRequest = async (request) => {
        const token = request.headers.get('authorization');
        sent.push(token);
        const status = token === `Bearer ${taken}` ? 200 : 401;
        return { request, status, headers: createHttpHeaders(status === 401 ? challenge : {}), bodyAsText: '' };
      };
      const policy = signInPolicy(entraTarget, { credential: { getToken }, secret: () => undefined });
      const call = async () =>
        (
          await policy.sendRequest(
            createPipelineRequest({ url: `${entraTarget.endpoint}/x`, method: 'DELETE' }),
            target,
          )
        ).status;
      return { call, asked, sent };
    };

    test('asks for another once, calls once more with it, and keeps it', async () => {
      const { call, asked, sent } = refusing(['old', 'new'], 'new');
      expect([await call(), await call()]).toEqual([200, 200]);
      expect(asked).toHaveLength(2);
      expect(sent).toEqual(['Bearer old', 'Bearer new', 'Bearer new']);
    });

    test('does not call again with the same one: the refusal stands', async () => {
      const { call, asked, sent } = refusing(['old'], 'new');
      expect(await call()).toBe(401);
      expect(asked).toHaveLength(2);
      expect(sent).toEqual(['Bearer old']);
    });

    test('does not ask for a third, and the refusal stands where there is none to be had', async () => {
      const third = refusing(['old', 'other', 'new'], 'new');
      expect([await third.call(), third.asked.length, third.sent.length]).toEqual([401, 2, 2]);
      const none = refusing(['old', 'none'], 'new');
      expect([await none.call(), none.asked.length, none.sent.length]).toEqual([401, 2, 1]);
    });

    test('asks once for all calls that are refused together', async () => {
      const { call, asked } = refusing(['old', 'new'], 'new');
      expect(await Promise.all(Array.from({ length: 8 }, call))).toEqual(Array.from({ length: 8 }, () => 200));
      expect(asked).toHaveLength(2);
    });

    test('hands on the claims that the target wants of it', async () => {
      const claims = Buffer.from('{"access_token":{}}').toString('base64');
      const challenge = { 'www-authenticate': `Bearer error="insufficient_claims", claims="${claims}"` };
      const { call, asked } = refusing(['old', 'new'], 'new', challenge);
      expect(await call()).toBe(200);
      expect(asked).toEqual([undefined, '{"access_token":{}}']);
    });
  });

  test('with a key sends no bearer token', async () => {
    const request = createPipelineRequest({ url: `${keyTarget.endpoint}/x` });
    await signInPolicy(keyTarget, { credential, secret: () => KEY }).sendRequest(request, answer);
    expect(request.headers.toJSON()).toEqual({ 'training-key': KEY });
  });
});
