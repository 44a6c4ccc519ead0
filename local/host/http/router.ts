import { z } from 'zod';
import type { FunctionMetadata } from '../contract.ts';
import { pathSegments } from './paths.ts';
import { matchTemplate, parseTemplate, type RouteTemplate } from './route-template.ts';

const httpTrigger = z.looseObject({
  type: z.literal('httpTrigger'),
  authLevel: z.enum(['anonymous', 'function', 'admin']).default('anonymous'),
  methods: z.array(z.string()).default(['GET', 'POST']),
  route: z.string().exactOptional(),
});

export interface HttpFunction {
  readonly name: string;
  readonly bindingName: string;
  readonly authLevel: z.output<typeof httpTrigger>['authLevel'];
  readonly methods: ReadonlySet<string>;
  readonly template: RouteTemplate;
}

export interface RouteMatch {
  readonly target: HttpFunction;
  readonly params: Record<string, string>;
}

/** HTTP functions by route and method. @throws at once when a template cannot be read. */
export class Router {
  readonly #functions: readonly HttpFunction[];

  constructor(functions: readonly FunctionMetadata[], routePrefix: string) {
    this.#functions = functions
      .flatMap((entry) => httpFunctions(entry, routePrefix))
      .sort((one, other) => (one.template.precedence < other.template.precedence ? -1 : 1));
  }

  /** Undefined for an unknown route and for a method that no function of that route takes: both are 404 [measured]. */
  find(method: string, decodedPath: string): RouteMatch | undefined {
    const segments = pathSegments(decodedPath);
    for (const target of this.#functions) {
      const params = target.methods.has(method) ? matchTemplate(target.template, segments) : undefined;
      if (params) return { target, params };
    }
    return undefined;
  }
}

function httpFunctions({ name, bindings }: FunctionMetadata, routePrefix: string): HttpFunction[] {
  return Object.entries(bindings)
    .filter(([, { type }]) => type === 'httpTrigger')
    .map(([bindingName, binding]) => {
      const { authLevel, methods, route } = httpTrigger.parse(binding);
      return {
        name,
        bindingName,
        authLevel,
        methods: new Set(methods.map((method) => method.toUpperCase())),
        template: parseTemplate(`${routePrefix}/${route ?? name}`),
      };
    });
}
