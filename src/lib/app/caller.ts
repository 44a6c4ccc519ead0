import { createHash } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import type { Role } from '../domain/roles.ts';

/** Who calls, and what it may do. */
export interface Caller {
  readonly actor: Actor;
  readonly roles: ReadonlySet<Role>;
}

/** The caller that a verified token stands for. Ids are those of Entra ID: tenant, client id, object id. */
export interface TokenIdentity {
  readonly tenantId: string;
  readonly clientId: string;
  /** The person's object id; undefined where the application calls for itself. */
  readonly objectId: string | undefined;
}

/**
 * An application goes by its client id. A person goes by a digest of tenant and object id: record, journal and receipt are handed out and
 * kept for years, and must not name people; whoever has the directory can still say whom a digest means. It has no key on purpose: four
 * eyes compare actors over months, so a lost or changed key would let submitters decide.
 */
export function actorOfIdentity({ tenantId, clientId, objectId }: TokenIdentity): Actor {
  const client = `app:${clientId.toLowerCase()}`;
  if (objectId === undefined) return { name: client, named: true, fingerprint: client, client };
  const identity = `${tenantId}/${objectId}`.toLowerCase();
  const name = `user:${createHash('sha256').update(identity).digest('hex').slice(0, 32)}`;
  return { name, named: true, fingerprint: name, client };
}
