import type { HttpRequest, HttpResponseInit } from '@azure/functions';

/**
 * On every answer: nobody keeps it, nobody guesses its type, no page shows it or runs anything in it (OWASP REST Security Cheat Sheet,
 * "Security headers").
 */
const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-site',
} as const;
/** A year (RFC 6797); only ever heeded over https. */
const TRANSPORT = 'max-age=31536000; includeSubDomains';
const EXPOSED = 'Accept-Ranges, Content-Disposition, Content-Range, ETag, Location, Retry-After, WWW-Authenticate';

type Asked = Pick<HttpRequest, 'url' | 'headers'>;

/** The answer with the headers that each must have. Only who says so itself is stored: the public keys of receipts. */
export function guarded(answer: HttpResponseInit, request: Asked, corsOrigins: readonly string[]): HttpResponseInit {
  const own = new Headers(answer.headers);
  const stored = own.get('cache-control')?.startsWith('public') ?? false;
  for (const [name, value] of Object.entries(ALWAYS)) own.set(name, value);
  if (!stored) own.set('cache-control', 'no-store');
  if (isSecure(request)) own.set('strict-transport-security', TRANSPORT);
  for (const [name, value] of Object.entries(corsHeaders(request, corsOrigins))) own.set(name, value);
  if (corsOrigins.length > 0) own.append('vary', 'origin');
  return { ...answer, headers: Object.fromEntries(own) };
}

/** As the client sees it: Azure ends TLS in front of the host. */
function isSecure({ url, headers }: Asked): boolean {
  const forwarded = headers.get('x-forwarded-proto')?.split(',')[0]?.trim();
  return (forwarded ?? new URL(url).protocol.slice(0, -1)) === 'https';
}

/** Without credentials: there are no cookies here. */
function corsHeaders({ headers }: Asked, origins: readonly string[]): Record<string, string> {
  const origin = headers.get('origin');
  if (origin === null || !origins.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': EXPOSED,
    // Whom we let read may: CORS has already said who that is.
    'cross-origin-resource-policy': 'cross-origin',
  };
}
