import { z } from 'zod';

/** What the HTTP API allows. */
export interface HttpSettings {
  /** Calls that one caller may make in a minute, of each instance. */
  readonly requestsPerMinute: number;
  /** Origins whose pages may call; none unless they are named. */
  readonly corsOrigins: readonly string[];
}

const origin = z
  .url('CORS_ORIGINS must be origins such as https://portal.example.com, separated by commas.')
  .refine(
    (text) => new URL(text).origin === text,
    'CORS_ORIGINS: an origin is scheme, host and port, with nothing after them.',
  );

/** DSR_REQUESTS_PER_MINUTE, CORS_ORIGINS. @throws ZodError. */
export function httpSettingsFrom(environment: Readonly<Record<string, string | undefined>>): HttpSettings {
  const origins = (environment.CORS_ORIGINS ?? '').split(',').flatMap((text) => text.trim() || []);
  return {
    requestsPerMinute: z.coerce.number().int().positive().default(1200).parse(environment.DSR_REQUESTS_PER_MINUTE),
    corsOrigins: z.array(origin).parse(origins),
  };
}
