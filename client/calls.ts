import type { z } from 'zod';
import type { Operation, ROUTES } from '../src/lib/api/routes.ts';

type Routes = typeof ROUTES;

/** Names of the variable parts of a path. */
type PartNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PartNames<Rest>
  : never;

type Parts<O extends Operation> = [PartNames<Routes[O]['path']>] extends [never]
  ? object
  : { readonly parts: Readonly<Record<PartNames<Routes[O]['path']>, string>> };

type Query<O extends Operation> = Routes[O] extends { readonly query: infer Schema extends z.ZodType }
  ? { readonly query?: Partial<z.output<Schema>> }
  : object;

type Headers<O extends Operation> = Routes[O] extends { readonly headers: readonly (infer Name extends string)[] }
  ? { readonly headers?: Readonly<Partial<Record<Name, string>>> }
  : object;

type Body<O extends Operation> = Routes[O] extends {
  readonly body: { readonly schema: infer Schema extends z.ZodType; readonly mayBeAbsent: true };
}
  ? { readonly body?: z.input<Schema> }
  : Routes[O] extends { readonly body: { readonly schema: infer Schema extends z.ZodType } }
    ? { readonly body: z.input<Schema> }
    : object;

/** What a call of a route takes: its own path parameters, query, headers and body, and nothing else. */
export type Given<O extends Operation> = Parts<O> & Query<O> & Headers<O> & Body<O>;

/** Left out where nothing has to be given. */
export type Arguments<O extends Operation> = object extends Given<O> ? [given?: Given<O>] : [given: Given<O>];

/** Routes that answer in JSON. */
export type JsonOperation = {
  [O in Operation]: Routes[O]['answer'] extends { readonly json: z.ZodType } ? O : never;
}[Operation];

/** What such a route answers when all is well. */
export type Told<O extends JsonOperation> = z.output<Routes[O]['answer']['json']>;
