import { createHmac, randomBytes } from 'node:crypto';
import { canonicalJson } from './plan.ts';
import type { RequestRecord } from './request.ts';

/** 32 random bytes as base64url. They stay in the record: without them nobody can try mail addresses against the receipt. */
export const newSalt = (): string => randomBytes(32).toString('base64url');

/**
 * HMAC-SHA-256 of the submission, subject included, as JSON with sorted members, keyed with the record's salt; lower-case hex.
 * undefined for a record that has none.
 */
export function submissionHmac({ submission, salt }: Pick<RequestRecord, 'submission' | 'salt'>): string | undefined {
  if (salt === undefined) return undefined;
  return createHmac('sha256', Buffer.from(salt, 'base64url')).update(canonicalJson(submission)).digest('hex');
}

/**
 * HMAC-SHA-256 of the key of something upstream, keyed with the record's salt; lower-case hex. Who holds record and key can show that it
 * is the one; nobody else can find it out by trying names.
 */
export const keyHmac = ({ salt, requestId }: Pick<RequestRecord, 'salt' | 'requestId'>, key: string): string =>
  saltedHmac({ salt, requestId }).update(`key:${key}`).digest('hex');

/** Keyed digest of what names a person, so that people can be counted over slices without being written down; 32 hex digits. */
export const pseudonymOf = ({ salt, requestId }: Pick<RequestRecord, 'salt' | 'requestId'>, person: string): string =>
  saltedHmac({ salt, requestId }).update(`person:${person}`).digest('hex').slice(0, 32);

const saltedHmac = ({ salt, requestId }: Pick<RequestRecord, 'salt' | 'requestId'>) =>
  createHmac('sha256', salt === undefined ? requestId : Buffer.from(salt, 'base64url'));
