import { z } from 'zod';

const nullable = <T extends z.ZodType>(inner: T) => z.object({ value: inner }).nullish();

/** RpcHttpCookie as `@azure/functions` builds it (`src/converters/toRpcHttpCookie.ts`), after a trip through JSON. */
const rpcCookie = z.object({
  name: z.string(),
  value: z.string(),
  domain: nullable(z.string()),
  path: nullable(z.string()),
  expires: nullable(z.object({ seconds: z.number() })),
  secure: nullable(z.boolean()),
  httpOnly: nullable(z.boolean()),
  sameSite: z.union([z.string(), z.number()]).nullish(),
  maxAge: nullable(z.number()),
});

/** `set-cookie` header values for the cookies of a buffered answer. */
export function cookieHeaders(cookies: unknown): string[] {
  return z
    .array(rpcCookie)
    .parse(cookies ?? [])
    .map((cookie) =>
      [
        `${encodeURIComponent(cookie.name)}=${encodeURIComponent(cookie.value)}`,
        cookie.maxAge && `Max-Age=${cookie.maxAge.value}`,
        cookie.domain && `Domain=${cookie.domain.value}`,
        cookie.path && `Path=${cookie.path.value}`,
        cookie.expires && `Expires=${new Date(cookie.expires.value.seconds * 1000).toUTCString()}`,
        cookie.httpOnly?.value && 'HttpOnly',
        cookie.secure?.value && 'Secure',
        sameSite(cookie.sameSite),
      ]
        .filter(Boolean)
        .join('; '),
    );
}

function sameSite(value: string | number | null | undefined): string | undefined {
  const names: Readonly<Record<string, string>> = { lax: 'Lax', strict: 'Strict', explicitnone: 'None' };
  const name = names[String(value).toLowerCase()];
  return name && `SameSite=${name}`;
}
