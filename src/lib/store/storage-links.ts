import { BlobSASPermissions, generateBlobSASQueryParameters, SASProtocol } from '@azure/storage-blob';
import { addSeconds } from '../domain/clock.ts';
import { deadline } from './conditions.ts';
import type { DocumentRef } from './documents.ts';
import { guarded } from './failure.ts';
import { requestFolder } from './names.ts';
import type { Storage } from './storage.ts';

/** The clocks of the app and of storage may differ by so much (the documentation of SAS advises a quarter of an hour or none). */
const SKEW_SECONDS = 900;

export interface StorageLink {
  /** What the client shall take it for. */
  readonly contentType: string;
  readonly now: Date;
  readonly until: Date;
}

export interface StorageLinks {
  /** An address of storage itself that reads this one blob, over https, until then. @throws StorageFailure */
  urlOf(document: DocumentRef, link: StorageLink): Promise<string>;
}

/**
 * Addresses with a user-delegation SAS: signed with a key that storage gives to the app's identity, never with the account's. Storage must be
 * connected by identity, and that identity needs the action `generateUserDelegationKey` (in Storage Blob Data Owner, or Storage Blob
 * Delegator).
 */
export function storageLinks({ account, container }: Storage): StorageLinks {
  return {
    async urlOf({ requestId, name }, { contentType, now, until }) {
      const startsOn = addSeconds(now, -SKEW_SECONDS);
      const blob = container.getBlobClient(`${requestFolder(requestId)}/${name}`);
      const key = await guarded('get delegation key', container.containerName, () =>
        account.getUserDelegationKey(startsOn, until, { abortSignal: deadline() }),
      );
      const wanted = {
        containerName: container.containerName,
        blobName: blob.name,
        permissions: BlobSASPermissions.from({ read: true }),
        protocol: SASProtocol.Https,
        startsOn,
        expiresOn: until,
        contentType,
        contentDisposition: `attachment; filename="${name}"`,
        cacheControl: 'no-store',
      };
      return `${blob.url}?${generateBlobSASQueryParameters(wanted, key, account.accountName)}`;
    },
  };
}
