import type { z } from 'zod';
import type { Role } from '../domain/roles.ts';
import type { AnswerHeader, RequestHeader } from './headers.ts';
import type { ProblemName } from './problems.ts';

/** Groups of routes, and what each is for. */
export const TAGS = {
  requests: 'What a portal does: hand requests in, and see how they stand.',
  orders: 'What people decide about a request: approve or reject its plan, cancel it, extend its due date.',
  account: 'What a request leaves behind: package, receipt, journal.',
  operation: 'What the operator does: look at failures and have them done again, holds, sweeps.',
  OpenDSR:
    'The processor’s side of OpenDSR 2.0, and of 1.0, then called OpenGDPR. Without the setting `OPENDSR_DOMAIN` all of it answers 404.',
  callbacks: 'What the `callbackUrls` of a request are told (docs/CALLBACKS.md).',
  open: 'For whoever asks, without key and token.',
} as const;
export type Tag = keyof typeof TAGS;

/** A variable part of a path. */
export interface PathPart {
  readonly description: string;
  readonly schema: z.ZodType;
  readonly example: string;
}

/** A body that can be sent. `examples` are sent by tests, by name: each is answered as the route's `answer` says. */
export interface Body {
  readonly schema: z.ZodType;
  /** Nothing at all counts as `{}`. */
  readonly mayBeAbsent?: true;
  readonly examples: Readonly<Record<string, unknown>>;
}

export interface BareAnswer {
  readonly description: string;
  readonly headers?: readonly AnswerHeader[];
}

/** What a route answers when all is well. */
export interface Answer extends BareAnswer {
  readonly status: number;
  /** Its body, where that is JSON. */
  readonly json?: z.ZodType;
  /** Where it is not `application/json`. */
  readonly mediaType?: string;
  /** Other media types in which it comes, and what is in them. */
  readonly media?: Readonly<Record<string, string>>;
  readonly example?: unknown;
}

/** One route of the HTTP API, as OpenAPI document and client see it. A test holds it equal to what the app registers. */
export interface Description {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Under `/api/`. */
  readonly path: string;
  readonly tag: Tag;
  readonly summary: string;
  readonly details?: string;
  /** Any one of these opens it. */
  readonly roles: readonly Role[] | 'anybody';
  readonly parts?: Readonly<Record<string, PathPart>>;
  readonly query?: z.ZodObject;
  readonly headers?: readonly RequestHeader[];
  readonly body?: Body;
  readonly answer: Answer;
  /** Other answers that are no refusals. */
  readonly also?: Readonly<Record<number, BareAnswer & { readonly media?: Readonly<Record<string, string>> }>>;
  /** Refusals besides those that each such route has. */
  readonly problems?: readonly ProblemName[];
  /** Statuses of refusals in the shape of OpenDSR. */
  readonly openDsrErrors?: readonly number[];
}
