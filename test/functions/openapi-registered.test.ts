import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Description } from '../../src/lib/api/description.ts';
import { ROUTES } from '../../src/lib/api/routes.ts';
import { registeredFunctions } from './registered.ts';

/** Answers preflights on every path: the document tells of it in a sentence. */
const NOT_DESCRIBED = ['preflight'];

const httpSchema = z.looseObject({
  type: z.literal('httpTrigger'),
  methods: z.array(z.string()),
  route: z.string(),
  authLevel: z.string(),
});
const locks = ({ roles }: Description) => (roles === 'anybody' ? 'anonymous' : 'function');

describe('The OpenAPI document', () => {
  it('describes every route that the app registers, and no other', async () => {
    const functions = await registeredFunctions();
    const routes = functions.flatMap(({ name, bindings }) =>
      Object.values(bindings).flatMap((binding) => {
        const { data } = httpSchema.safeParse(binding);
        return data && !NOT_DESCRIBED.includes(name) ? `${name}: ${data.methods} ${data.route}, ${data.authLevel}` : [];
      }),
    );
    const described = Object.entries<Description>(ROUTES).map(
      ([name, route]) => `${name}: ${route.method} ${route.path}, ${locks(route)}`,
    );
    expect(described.sort()).toEqual(routes.sort());
  });
});
