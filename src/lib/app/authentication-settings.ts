import { z } from 'zod';
import { azureMark } from '../domain/machine.ts';
import { type Callers, callersSchema } from './actor.ts';
import { type EntraSettings, entraFrom } from './entra.ts';

/** How callers show who they are: by tokens of a tenant, or, on a developer's machine only, by function keys. */
export type AuthenticationSettings =
  | { readonly mode: 'entra'; readonly entra: EntraSettings }
  | { readonly mode: 'local'; readonly callers: Callers };

const modeSchema = z.enum(['entra', 'local'], 'AUTH_MODE must be entra or local.');

/**
 * AUTH_MODE, with what belongs to the mode. Without it: `entra` where ENTRA_TENANT_ID is set, else `local`, which Azure's machines refuse; an
 * app that was deployed without any of this serves nobody.
 * @throws ZodError, SyntaxError, Error.
 */
export function authenticationFrom(environment: Readonly<Record<string, string | undefined>>): AuthenticationSettings {
  const mode = modeSchema.parse(environment.AUTH_MODE || (environment.ENTRA_TENANT_ID ? 'entra' : 'local'));
  if (mode === 'entra') return { mode, entra: entraFrom(environment) };
  const mark = azureMark(environment);
  if (mark !== undefined) {
    throw new Error(
      `local mode is for one machine only, but ${mark} is set: this is Azure. Set ENTRA_TENANT_ID and ENTRA_AUDIENCE.`,
    );
  }
  return { mode, callers: callersSchema.parse(JSON.parse(environment.CALLERS ?? '{}')) };
}
