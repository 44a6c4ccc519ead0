import { createHttpHeaders, createPipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline';
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

  test('with a key sends no bearer token', async () => {
    const request = createPipelineRequest({ url: `${keyTarget.endpoint}/x` });
    await signInPolicy(keyTarget, { credential, secret: () => KEY }).sendRequest(request, answer);
    expect(request.headers.toJSON()).toEqual({ 'training-key': KEY });
  });
});
