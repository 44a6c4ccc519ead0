import { APP_VERSION } from '../domain/version.ts';
import { type Description, TAGS } from './description.ts';
import { operationOf } from './document/operation.ts';
import { sharedRefusals } from './document/refusals.ts';
import { componentSchemas, type Json } from './document/schemas.ts';
import { webhookOf } from './document/webhook.ts';
import { ROUTES } from './routes.ts';
import { WEBHOOKS, type Webhook } from './webhooks.ts';

const DESCRIPTION = `Answers data subject requests, **export** and **delete**, for what Azure's machine-learning services hold about people.

- Refusals are \`application/problem+json\` (RFC 9457) with a stable \`type\`; what the host refuses (a wrong function key: 401, an unknown route: 404) has an empty body.
- Bodies are JSON in UTF-8, at most 64 KiB, not compressed. Members that a body doesn't know are refused, but in OpenDSR. Answers may get new members.
- Times are in UTC, sizes in bytes. Every POST and DELETE may be sent again.
- \`OPTIONS\` on every path answers preflights of the origins that the operator names.
- Who may call: docs/SECURITY.md. Everything else: README.md.`;

const SECURITY_SCHEMES = {
  functionKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-functions-key',
    description: 'A function key of the Azure Functions app. In local mode its name is the actor.',
  },
  entraId: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token of the operator’s Entra ID tenant for this API, with app roles.',
  },
};

/** The HTTP API in OpenAPI 3.1, made from the tables of routes and of callbacks, and from the very schemas that requests are parsed with. */
export const openApiDocument = (): Json => ({
  openapi: '3.1.0',
  info: {
    title: 'DSR Functions',
    version: APP_VERSION,
    summary: 'Data subject requests for Azure’s machine-learning services',
    description: DESCRIPTION,
    license: { name: 'MIT', identifier: 'MIT' },
  },
  servers: [{ url: '/api', description: 'Beside this document.' }],
  tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
  paths: paths(),
  webhooks: Object.fromEntries(
    Object.entries<Webhook>(WEBHOOKS).map(([name, webhook]) => [name, webhookOf(name, webhook)]),
  ),
  components: {
    securitySchemes: SECURITY_SCHEMES,
    responses: sharedRefusals(Object.values(ROUTES)),
    schemas: componentSchemas(),
  },
});

function paths(): Record<string, Json> {
  const found: Record<string, Json> = {};
  for (const [name, route] of Object.entries<Description>(ROUTES)) {
    const path = `/${route.path}`;
    found[path] = { ...found[path], [route.method.toLowerCase()]: operationOf(name, route) };
  }
  return found;
}

/** The document as it is served and as it lies in docs/openapi.json. */
export const openApiText = (): string => `${JSON.stringify(openApiDocument(), undefined, 2)}\n`;
