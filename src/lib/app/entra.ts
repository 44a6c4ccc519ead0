import { z } from 'zod';
import { azureMark, isLoopback } from '../domain/machine.ts';

/** Whose tokens are taken. */
export interface EntraSettings {
  readonly tenantId: string;
  /** What a token must be for: one of these. */
  readonly audiences: readonly string[];
  /** The tenant as issuer of tokens of version 1 and of version 2. */
  readonly issuers: readonly string[];
  readonly jwksUrl: URL;
}

const PUBLIC_AUTHORITY = 'https://login.microsoftonline.com';

/**
 * The clouds' sign-in services, with what their version 1 tokens name as issuer
 * (learn.microsoft.com/entra/identity-platform/authentication-national-cloud and …/access-token-claims-reference).
 */
const LEGACY_ISSUERS: Readonly<Record<string, string>> = {
  [PUBLIC_AUTHORITY]: 'https://sts.windows.net',
  'https://login.microsoftonline.us': 'https://sts.windows.net',
  'https://login.partner.microsoftonline.cn': 'https://sts.chinacloudapi.cn',
};

type Environment = Readonly<Record<string, string | undefined>>;
const tenantSchema = z.guid(
  'ENTRA_TENANT_ID must be the id of one tenant: names, "common" and "organizations" are not taken.',
);

/** ENTRA_TENANT_ID, ENTRA_AUDIENCE (comma-separated), ENTRA_AUTHORITY. @throws ZodError, Error that says which is wrong. */
export function entraFrom(environment: Environment): EntraSettings {
  const tenantId = tenantSchema.parse(environment.ENTRA_TENANT_ID).toLowerCase();
  const audiences = (environment.ENTRA_AUDIENCE ?? '').split(',').flatMap((text) => text.trim() || []);
  if (audiences.length === 0)
    throw new Error('ENTRA_AUDIENCE must name the application id (or its URI) that tokens are for.');
  const authority = authorityFrom(environment);
  const legacy = LEGACY_ISSUERS[authority] ?? LEGACY_ISSUERS[PUBLIC_AUTHORITY];
  return {
    tenantId,
    audiences,
    issuers: [`${authority}/${tenantId}/v2.0`, `${legacy}/${tenantId}/`],
    jwksUrl: new URL(`${authority}/${tenantId}/discovery/v2.0/keys`),
  };
}

function authorityFrom(environment: Environment): string {
  const text = (environment.ENTRA_AUTHORITY ?? '').replace(/\/$/, '') || PUBLIC_AUTHORITY;
  if (text in LEGACY_ISSUERS) return text;
  if (!URL.canParse(text)) throw new Error('ENTRA_AUTHORITY is not a URL.');
  const { protocol, hostname, origin } = new URL(text);
  if (protocol === 'http:' && isLoopback(hostname) && origin === text && azureMark(environment) === undefined)
    return text;
  throw new Error(
    'ENTRA_AUTHORITY must be the sign-in service of one of the clouds; off Azure, one on loopback is taken too.',
  );
}
