import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';
import type { Description } from '../../src/lib/api/description.ts';
import { openApiDocument } from '../../src/lib/api/document.ts';
import { ROUTES } from '../../src/lib/api/routes.ts';

/** Objects of the document, open there for members to come, closed: an answer may have no member that isn't described. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  const isObject = 'type' in value && value.type === 'object' && 'properties' in value;
  return isObject && !('additionalProperties' in value) ? { ...members, additionalProperties: false } : members;
}

const document = openApiDocument();
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ $id: 'api', ...z.record(z.string(), z.unknown()).parse(closed(document)) });

const routes = Object.entries<Description>(ROUTES).map(([name, route]) => ({
  name,
  route,
  path: new RegExp(`^${route.path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
}));

const responseSchema = z.object({ content: z.record(z.string(), z.unknown()).optional() });
const referenceSchema = z.object({ $ref: z.string() });
const operationSchema = z.object({ responses: z.record(z.string(), z.unknown()) });

function member(value: unknown, name: string): unknown {
  return z.record(z.string(), z.unknown()).parse(value)[name];
}

/** Where in the document the answer of a route with this status is; undefined if it isn't described. */
function placeOf(route: Description, status: number): string[] | undefined {
  const method = route.method.toLowerCase();
  const operation = operationSchema.parse(member(member(document.paths, `/${route.path}`), method));
  const response = operation.responses[String(status)];
  if (response === undefined) return undefined;
  const reference = referenceSchema.safeParse(response);
  if (reference.success) return reference.data.$ref.slice('#/'.length).split('/');
  return ['paths', `/${route.path}`, method, 'responses', String(status)];
}

const pointer = (names: readonly string[]): string =>
  names.map((name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

/** What comes from storage as it is: tests may have put anything there. */
const STORED = ['getReceipt', 'downloadPackageFile', 'followPackageLink'];

interface Answered {
  readonly method: string;
  /** Under `/api/`. */
  readonly path: string;
  readonly answer: Response;
  /** Files of requests, too, are what the document says. */
  readonly withFiles?: boolean;
}

/** What is wrong with an answer by the OpenAPI document, in sentences. The answer's body stays unread; calls to no route are right. */
export async function deviations({ method, path, answer, withFiles }: Answered): Promise<string[]> {
  const [address = ''] = path.split('?');
  const found = routes.find(({ route, path: pattern }) => route.method === method && pattern.test(address));
  const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
  // The host's own: a wrong key, an unknown route.
  if (!found || (type === '' && [401, 404].includes(answer.status))) return [];
  const { name, route } = found;
  const place = placeOf(route, answer.status);
  if (!place) return [`${name} answers ${answer.status}, which is not described.`];
  const { content } = responseSchema.parse(place.reduce<unknown>(member, document));
  if (!content) return type === '' ? [] : [`${name} answers ${answer.status} with ${type}, described without a body.`];
  if (!Object.hasOwn(content, type)) return [`${name} answers ${answer.status} as ${type || 'nothing'}.`];
  const isFile = STORED.includes(name) && answer.ok && !withFiles;
  return /[/+]json$/.test(type) && !isFile ? faultsOf(name, [...place, 'content', type, 'schema'], answer) : [];
}

async function faultsOf(name: string, place: readonly string[], answer: Response): Promise<string[]> {
  const validate = ajv.getSchema(`api#${pointer(place)}`);
  if (!validate) throw new Error(`The document has nothing at ${pointer(place)}.`);
  if (validate(await answer.clone().json())) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${name} answers ${answer.status} with ${instancePath || 'a body'} that ${message} ${JSON.stringify(params)}.`,
  );
}
