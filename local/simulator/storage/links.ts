import { createHmac } from 'node:crypto';
import type { SimulatedRequest } from '../http/message.ts';
import { plantedSecret } from '../world/learning/secrets.ts';
import type { World } from '../world/model.ts';

/** Where links of one answer point to, and until when they hold. */
export interface LinkMaker {
  /** A link of about a day, as to images, artifacts and models. */
  image(path: string): string;
  /** A link that ends with the day (UTC), as to exported models. */
  exported(path: string): string;
}

const day = 86_400_000;

export interface LinkPlan {
  readonly world: World;
  readonly request: SimulatedRequest;
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Makes links with a shared access signature, shaped as recorded (`sv`, `sr`, `sig`, `se`, `sp`). They point to the world's blob host if the
 * request came through a gateway, to `localhost` (a second name of the simulator) if it came directly.
 */
export function linkMaker({ world, request, port, now }: LinkPlan): LinkMaker {
  const base = request.forwarded ? `https://${world.blobHost}` : `http://localhost:${port}`;
  const link = (path: string, end: number) => {
    const expiry = new Date(end).toISOString().replace(/\.\d+Z$/, 'Z');
    const signature = encodeURIComponent(signatureOf(world, path, expiry));
    return `${base}${path}?sv=2017-04-17&sr=b&sig=${signature}&se=${encodeURIComponent(expiry)}&sp=r`;
  };
  return {
    image: (path) => link(path, now + world.behaviour.linkSeconds * 1_000),
    exported: (path) => link(path, (Math.floor(now / day) + 1) * day),
  };
}

/** The signature that belongs to a path and an expiry (text as in the link); it begins with a marker, for tests that look for leaks. */
export function signatureOf(world: World, path: string, expiry: string): string {
  const digest = createHmac('sha256', `storage key of ${world.seed}`).update(`${path}\n${expiry}`).digest('base64');
  return `${plantedSecret('sig')}${digest}`;
}
