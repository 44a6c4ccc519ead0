import { app, type HttpFunctionOptions } from '@azure/functions';
import { describe, expect, it, vi } from 'vitest';
import { registerHttp } from '../../src/functions/http.ts';
import type { Description } from '../../src/lib/api/description.ts';
import { ROUTES } from '../../src/lib/api/routes.ts';

/** Answers preflights on every path: the document tells of it in a sentence. */
const NOT_DESCRIBED = ['preflight'];

const registered = new Map<string, HttpFunctionOptions>();
vi.spyOn(app, 'http').mockImplementation((name, options) => {
  if ('handler' in options) registered.set(name, options);
});
registerHttp();

const locks = ({ roles }: Description) => (roles === 'anybody' ? 'anonymous' : 'function');

describe('The OpenAPI document', () => {
  it('describes every route that the app registers, and no other', () => {
    const routes = [...registered]
      .filter(([name]) => !NOT_DESCRIBED.includes(name))
      .map(([name, { methods, route, authLevel }]) => `${name}: ${methods} ${route}, ${authLevel}`);
    const described = Object.entries<Description>(ROUTES).map(
      ([name, route]) => `${name}: ${route.method} ${route.path}, ${locks(route)}`,
    );
    expect(described.sort()).toEqual(routes.sort());
  });
});
