import { z } from 'zod';
import type { Answer, Body, Description } from '../description.ts';
import { REQUEST_HEADERS } from '../headers.ts';
import { headersOf, refusals } from './refusals.ts';
import { type Json, schemaOf } from './schemas.ts';

/** A token as well as the key; in local mode the key alone. */
const LOCKS = [{ functionKey: [], entraId: [] }, { functionKey: [] }];

/** A route as an operation of OpenAPI. */
export function operationOf(operationId: string, route: Description): Json {
  const parameters = [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)];
  return {
    operationId,
    tags: [route.tag],
    summary: route.summary,
    ...descriptionOf(route),
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && { requestBody: requestBody(route.body) }),
    responses: { ...answers(route), ...refusals(route) },
    security: route.roles === 'anybody' ? [] : LOCKS,
    ...(route.roles !== 'anybody' && { 'x-dsr-roles': route.roles }),
  };
}

function descriptionOf({ details, roles }: Description): Json {
  const who = roles === 'anybody' ? [] : [`Roles, any one of: ${roles.map((role) => `\`${role}\``).join(', ')}.`];
  const text = [...(details === undefined ? [] : [details]), ...who].join('\n\n');
  return text === '' ? {} : { description: text };
}

const pathParameters = ({ parts = {} }: Description): Json[] =>
  Object.entries(parts).map(([name, { description, schema, example }]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: schemaOf(schema),
    example,
  }));

const shapeSchema = z.object({ properties: z.record(z.string(), z.record(z.string(), z.unknown())) });

function queryParameters({ query }: Description): Json[] {
  if (!query) return [];
  const { properties } = shapeSchema.parse(schemaOf(query));
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description !== undefined && { description }),
    schema,
  }));
}

const headerParameters = ({ headers = [] }: Description): Json[] =>
  headers.map((name) => ({ name, in: 'header', ...REQUEST_HEADERS[name] }));

const requestBody = (body: Body): Json => ({ required: !body.mayBeAbsent, content: jsonContent(body) });

/** A body in JSON, with its examples by their names. */
export const jsonContent = ({ schema, examples }: Pick<Body, 'schema' | 'examples'>): Json => ({
  'application/json': {
    schema: schemaOf(schema),
    examples: Object.fromEntries(
      Object.entries(examples).map(([summary, value]) => [exampleName(summary), { summary, value }]),
    ),
  },
});

/** Keys of examples are letters, digits, dots, dashes and underscores (OpenAPI 3.1, "Components Object"). */
export const exampleName = (summary: string): string => summary.replaceAll(/[^A-Za-z0-9._-]+/g, '-');

function answers({ answer, also = {} }: Description): Json {
  const others = Object.entries(also).map(([status, { description, headers = [], media = {} }]) => [
    status,
    { description, ...headersOf(headers), ...contentOf(mediaOf(media)) },
  ]);
  return { [answer.status]: answerOf(answer), ...Object.fromEntries(others) };
}

function answerOf({
  description,
  headers = [],
  json,
  mediaType = 'application/json',
  media = {},
  example,
}: Answer): Json {
  const asJson = json && { [mediaType]: { schema: schemaOf(json), ...(example !== undefined && { example }) } };
  return { description, ...headersOf(headers), ...contentOf({ ...asJson, ...mediaOf(media) }) };
}

const contentOf = (content: Json): Json => (Object.keys(content).length > 0 ? { content } : {});

/** Bytes and texts: 3.1 leaves out the type of what is no JSON. */
const mediaOf = (media: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(Object.entries(media).map(([type, description]) => [type, { schema: { description } }]));
