import { isLoopback, type SimulatedRequest } from './http/message.ts';
import type { Simulation } from './simulation.ts';

/** The data planes take tokens for the resource manager (source document, "Authorization: Bearer <arm-token>"). */
const audiences = ['https://management.azure.com', 'https://management.core.windows.net'];

/** Whether the caller signed in with a token that the data planes of Azure ML take. */
export function signedIn({ tokens }: Simulation, { headers }: SimulatedRequest): boolean {
  const [, token] = /^Bearer (.+)$/i.exec(headers.authorization ?? '') ?? [];
  return token !== undefined && tokens.accepts(token, audiences);
}

/** Whether a request on this host may be meant for a region: another region's data isn't found there. On loopback there are no regions. */
export function servesRegion({ host }: SimulatedRequest, region: string): boolean {
  return isLoopback(host) || host.startsWith(`${region}.`);
}
