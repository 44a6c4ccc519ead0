import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Submission } from '../../../src/lib/domain/request.ts';
import { newSalt, submissionHmac } from '../../../src/lib/domain/submission-digest.ts';

const submission: Submission = {
  action: 'delete',
  subject: { reference: 'case-1', email: 'jane.doe@example.com' },
  targets: 'all',
  families: 'all',
  scope: 'target',
  dryRun: false,
};

describe('The digest of a submission', () => {
  it('is the HMAC-SHA-256 of its JSON with sorted members, keyed with the salt', () => {
    const salt = newSalt();
    const text =
      '{"action":"delete","dryRun":false,"families":"all","scope":"target","subject":{"email":"jane.doe@example.com","reference":"case-1"},"targets":"all"}';
    const expected = createHmac('sha256', Buffer.from(salt, 'base64url')).update(text).digest('hex');
    expect(submissionHmac({ submission, salt })).toBe(expected);
    expect(expected).not.toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('differs from request to request of one person, and with every word of it', () => {
    const [one, other] = [newSalt(), newSalt()];
    expect(Buffer.from(one, 'base64url')).toHaveLength(32);
    expect(submissionHmac({ submission, salt: one })).not.toBe(submissionHmac({ submission, salt: other }));
    const changed = { ...submission, subject: { ...submission.subject, email: 'jane.doe@example.org' } };
    expect(submissionHmac({ submission: changed, salt: one })).not.toBe(submissionHmac({ submission, salt: one }));
  });

  it('is none for a record without a salt', () => {
    expect(submissionHmac({ submission })).toBeUndefined();
  });
});
