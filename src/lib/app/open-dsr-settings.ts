import { createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import type { OpenDsrProcessor } from '../domain/open-dsr.ts';

const RSA_BITS = 2048;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * OPENDSR_DOMAIN, OPENDSR_SIGNING_KEY, OPENDSR_CERTIFICATE and, where the API isn't at `https://` and the domain, OPENDSR_BASE_URL;
 * undefined without a domain: then the standard isn't spoken. @throws Error that quotes neither key nor certificate.
 */
export function openDsrFrom(environment: Environment): OpenDsrProcessor | undefined {
  const domain = (environment.OPENDSR_DOMAIN ?? '').trim();
  if (domain === '') return undefined;
  if (!/^(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/.test(domain)) throw new Error('it must be a lower-case domain name.');
  const key = keyFrom(environment.OPENDSR_SIGNING_KEY ?? '');
  const certificate = certificateFrom(environment.OPENDSR_CERTIFICATE ?? '');
  if (!certificate.checkPrivateKey(key)) throw new Error('OPENDSR_CERTIFICATE is of another key.');
  if (certificate.checkHost(domain) === undefined) throw new Error('OPENDSR_CERTIFICATE is of another domain.');
  return {
    domain,
    baseUrl: baseUrlFrom(environment.OPENDSR_BASE_URL || `https://${domain}`),
    certificate: certificate.toString(),
    // The standard names no padding; what it shows was made with RSA-4096, and PKCS#1 v1.5 is what its implementations check.
    sign: (body) => sign('sha256', Buffer.from(body), key).toString('base64'),
  };
}

/** In a setting of Azure's line feeds may be written `\n`. */
const pemOf = (text: string): string => text.trim().replaceAll('\\n', '\n');

function keyFrom(text: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pemOf(text));
  } catch {
    throw new Error('OPENDSR_SIGNING_KEY is no private key in PEM.');
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = key;
  if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < RSA_BITS) {
    throw new Error(`OPENDSR_SIGNING_KEY must be RSA with at least ${RSA_BITS} bits.`);
  }
  return key;
}

function certificateFrom(text: string): X509Certificate {
  try {
    return new X509Certificate(pemOf(text));
  } catch {
    throw new Error('OPENDSR_CERTIFICATE is no X.509 certificate in PEM.');
  }
}

function baseUrlFrom(text: string): string {
  if (!URL.canParse(text) || new URL(text).protocol !== 'https:') throw new Error('OPENDSR_BASE_URL must be https.');
  const { origin, pathname } = new URL(text);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}
