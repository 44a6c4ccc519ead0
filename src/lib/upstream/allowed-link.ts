import { isIP } from 'node:net';

/**
 * The URL behind a link from an answer if it may be followed: https on the default port, no user in it, and a host that is listed.
 * `hosts`: host names, or parent domains with a leading dot. Addresses are never allowed, nor host names that end in a dot.
 * Ask for the URL returned, never for the text: so both were read by the same parser. Undefined: not allowed.
 */
export function allowedLink(link: string, hosts: readonly string[]): URL | undefined {
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') return undefined;
  if (!isPlainHost(url.hostname) || !hosts.some((allowed) => covers(allowed.toLowerCase(), url.hostname))) {
    return undefined;
  }
  url.hash = '';
  return url;
}

/** Labels with dots between them, and not an address: `URL` turns every way of writing an IPv4 address into the usual one. */
const isPlainHost = (hostname: string): boolean =>
  /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(hostname) && isIP(hostname) === 0;

const covers = (allowed: string, hostname: string): boolean =>
  allowed.startsWith('.') ? allowed.length > 1 && hostname.endsWith(allowed) : hostname === allowed;
