import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { RunningSimulator } from '../../../local/simulator/simulator.ts';
import { firstProject, firstResource, found, start } from './running.ts';

/*
 * Requests as the client that Microsoft generated writes them (npm @azure/cognitiveservices-customvision-training 4.0.0 on @azure/ms-rest-js):
 * an endpoint that ends in a slash makes two of them in the path; every request tells a content type, with a body or without; options with a
 * default are always there; arrays are joined by bare commas; the key's header is written as in Microsoft's samples.
 */

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** In pieces, without a length. */
  readonly chunked?: boolean;
}

interface Given {
  readonly operation: string;
  readonly status: number;
  readonly body: unknown;
}

async function send(simulator: RunningSimulator, { method, path, body, chunked }: Sent): Promise<Given> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const outgoing = request(`${simulator.url}//customvision/v3.0/training/${path}`, {
    method,
    headers: {
      'Training-key': firstResource(simulator).keys[0],
      'User-Agent':
        '@azure/cognitiveservices-customvision-training/4.0.0 ms-rest-js/2.0.8 core-http/2.0.8 Node/v12 OS/(x64-Linux)',
      'x-ms-client-request-id': 'c3a1fc4a-7d2e-4d0a-9d3c-3f4b9d6e2a10',
      'Content-Type': 'application/json; charset=utf-8',
      Accept: '*/*',
      'Accept-Encoding': 'gzip,deflate',
      ...(text !== '' && !chunked && { 'Content-Length': Buffer.byteLength(text) }),
    },
  });
  for (const piece of chunked ? [text.slice(0, 5), text.slice(5)] : [text]) if (piece !== '') outgoing.write(piece);
  outgoing.end();
  const [response]: IncomingMessage[] = await once(outgoing, 'response');
  const { statusCode = 0, headers } = found(response);
  const told = headers['content-type']?.includes('json') ? await json(found(response)) : undefined;
  found(response).resume();
  return { operation: simulator.calls.list.at(-1)?.operation ?? '', status: statusCode, body: told };
}

const started = () => start({ world: { project: { predictions: 4, iterations: { published: 1, trained: 1 } } } });

test('each read of the generated client is answered', async () => {
  const simulator = await started();
  const project = firstProject(simulator);
  const iteration = found([...project.iterations.values()][0]).id;
  const images = [...project.workspace.images.keys()];
  const tags = [...project.workspace.tags.keys()];
  const at = `projects/${project.id}`;
  const page = `tagIds=${tags.slice(0, 2).join(',')}&orderBy=Newest&take=50&skip=0`;
  const calls = [
    ['GetProjects', 'projects'],
    ['GetProject', at],
    ['GetIterations', `${at}/iterations`],
    ['GetIteration', `${at}/iterations/${iteration}`],
    ['GetIterationPerformance', `${at}/iterations/${iteration}/performance?threshold=0.5&overlapThreshold=0.3`],
    ['GetExports', `${at}/iterations/${iteration}/export`],
    ['GetTags', `${at}/tags?iterationId=${iteration}`],
    ['GetTag', `${at}/tags/${tags[0]}`],
    ['GetTaggedImages', `${at}/images/tagged?iterationId=${iteration}&${page}`],
    ['GetUntaggedImages', `${at}/images/untagged?orderBy=Newest&take=50&skip=0`],
    ['GetTaggedImageCount', `${at}/images/tagged/count?tagIds=${tags.join(',')}`],
    ['GetUntaggedImageCount', `${at}/images/untagged/count`],
    ['GetImagesByIds', `${at}/images/id?imageIds=${images.slice(0, 3).join(',')}`],
  ] as const;
  for (const [operation, path] of calls) {
    const given = await send(simulator, { method: 'GET', path });
    expect(given, path).toMatchObject({ operation, status: 200, body: expect.anything() });
  }
});

test.each([true, false])('a query of predictions is read, chunked %s, and its token taken back', async (chunked) => {
  const simulator = await started();
  const path = `projects/${firstProject(simulator).id}/predictions/query`;
  const ids: unknown[] = [];
  let token: object = { orderBy: 'Newest', maxCount: 3 };
  for (const expected of [3, 1]) {
    const { body, ...given } = await send(simulator, { method: 'POST', path, body: token, chunked });
    expect(given).toEqual({ operation: 'QueryPredictions', status: 200 });
    ids.push(...Object(body).results.map(({ id }: { id: unknown }) => id));
    expect(Object(body).results).toHaveLength(expected);
    token = Object(body).token;
  }
  expect(new Set(ids).size).toBe(4);
});

test('each deletion of the generated client is done and has no body', async () => {
  const simulator = await started();
  const project = firstProject(simulator);
  const at = `projects/${project.id}`;
  const published = found([...project.iterations.values()].find(({ publishName }) => publishName !== null)).id;
  const others = [...project.iterations.keys()].filter((id) => id !== published);
  const images = [...project.workspace.images.keys()];
  const calls = [
    ['UnpublishIteration', `${at}/iterations/${published}/publish`],
    ...[published, ...others].map((id) => ['DeleteIteration', `${at}/iterations/${id}`] as const),
    ['DeletePrediction', `${at}/predictions?ids=${[...project.predictions.keys()].join(',')}`],
    ['DeleteImages', `${at}/images?imageIds=${images.join(',')}`],
    ['DeleteTag', `${at}/tags/${[...project.workspace.tags.keys()][0]}`],
    ['DeleteProject', at],
  ] as const;
  for (const [operation, path] of calls)
    expect(await send(simulator, { method: 'DELETE', path })).toEqual({ operation, status: 204, body: undefined });
  expect(firstResource(simulator).projects.size).toBe(0);
});
