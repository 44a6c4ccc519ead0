import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATES, type State } from '../../../src/lib/domain/lifecycle.ts';
import { type OpenDsrVersion, openDsrOrderSchema } from '../../../src/lib/domain/open-dsr.ts';
import { submissionSchema } from '../../../src/lib/domain/request.ts';
import { openDsrStatus, submissionFrom } from '../../../src/lib/plan/open-dsr.ts';

const ID = 'a7551968-d5d6-44b2-9831-815ac9017798';
const DOMAIN = 'dsr.example.com';
const EMAIL = { identity_type: 'email', identity_value: 'ada@example.com', identity_format: 'raw' };
const CUSTOMER = { identity_type: 'controller_customer_id', identity_value: 'c-77', identity_format: 'raw' };
const ORDER = {
  regulation: 'ccpa',
  subject_request_id: ID,
  subject_request_type: 'erasure',
  submitted_time: '2026-03-01T12:00:00+01:00',
  subject_identities: [EMAIL, CUSTOMER],
};
const mapped = (change: object, version: OpenDsrVersion = '2.0') =>
  submissionFrom(openDsrOrderSchema.parse({ ...ORDER, ...change }), version, { domain: DOMAIN });
const reasons = (change: object): string[] => {
  const result = mapped(change);
  return result.kind === 'faults' ? result.faults.map(({ reason }) => reason) : [];
};

describe('An order of OpenDSR', () => {
  it('asks natively for what names the person, in all targets', () => {
    expect(mapped({})).toMatchObject({
      kind: 'submission',
      submission: {
        action: 'delete',
        subject: { reference: 'c-77', email: 'ada@example.com' },
        targets: 'all',
        families: 'all',
        scope: 'subject',
        regulation: 'ccpa',
      },
    });
  });

  it.each([
    ['access', 'export'],
    ['portability', 'export'],
    ['erasure', 'delete'],
  ])('of type %s is natively an %s', (subject_request_type, action) => {
    expect(mapped({ subject_request_type })).toMatchObject({ submission: { action } });
  });

  it('without a customer id is filed under its own id', () => {
    expect(mapped({ subject_identities: [EMAIL] })).toMatchObject({ submission: { subject: { reference: ID } } });
  });

  it('may say under our domain what the standard has no word for', () => {
    const objectId = '0f8fad5b-d9cb-469f-a165-70867728950e';
    const extensions = {
      [DOMAIN]: { targets: ['vision'], objectId, exportFirst: true },
      'other.example.com': { x: 1 },
    };
    expect(mapped({ subject_identities: [], extensions })).toMatchObject({
      submission: { targets: ['vision'], scope: 'subject', exportFirst: true, subject: { reference: ID, objectId } },
    });
  });

  it('of version 1.0 falls under the GDPR; 2.0 has to say', () => {
    const { regulation: _, ...rest } = ORDER;
    const order = openDsrOrderSchema.parse(rest);
    expect(submissionFrom(order, '1.0', { domain: DOMAIN })).toMatchObject({ submission: { regulation: 'gdpr' } });
    expect(submissionFrom(order, '2.0', { domain: DOMAIN })).toMatchObject({ faults: [{ reason: 'regulation' }] });
  });

  it.each([
    ['a customer id alone, which finds nobody', { subject_identities: [CUSTOMER] }, 'subject_identities'],
    ['two addresses', { subject_identities: [EMAIL, EMAIL] }, 'subject_identities'],
    ['a digest', { subject_identities: [{ ...EMAIL, identity_format: 'sha256' }] }, 'subject_identities.0'],
    ['a device', { subject_identities: [EMAIL, { ...EMAIL, identity_type: 'android_id' }] }, 'subject_identities.1'],
    ['no address', { subject_identities: [{ ...EMAIL, identity_value: 'ada' }] }, 'subject_identities'],
    ['a bad callback', { status_callback_urls: ['ftp://x.example'] }, 'status_callback_urls.0'],
    ['an unknown extension', { extensions: { [DOMAIN]: { force: true } } }, 'extensions'],
    ['a bad extension', { extensions: { [DOMAIN]: { scope: 'world' } } }, 'extensions.scope'],
  ])('with %s is refused, by the standard member', (_, change, reason) => {
    expect(reasons(change)).toEqual([reason]);
  });

  it('is either refused without a word of its values, or natively valid', () => {
    const secret = 'Zq-SECRET';
    const value = fc.oneof(fc.constant(`${secret}@example.com`), fc.constant(secret));
    const identity = fc.record({
      identity_type: fc.constantFrom('email', 'controller_customer_id', 'ios_vendor_id', secret),
      identity_value: value,
      identity_format: fc.constantFrom('raw', 'sha256', secret),
    });
    const extension = fc.dictionary(
      fc.constantFrom('targets', 'scope', 'objectId', secret),
      fc.constantFrom('all', secret),
    );
    fc.assert(
      fc.property(fc.array(identity, { maxLength: 4 }), extension, (subject_identities, ours) => {
        const result = mapped({ subject_identities, extensions: { [DOMAIN]: ours } });
        if (result.kind === 'faults') expect(JSON.stringify(result.faults)).not.toContain(secret);
        else expect(submissionSchema.safeParse(result.submission).success).toBe(true);
      }),
    );
  });
});

describe('The status in OpenDSR', () => {
  it.each<[State, string]>([
    ['received', 'pending'],
    ['awaiting-decision', 'pending'],
    ['running', 'in_progress'],
    ['completed', 'completed'],
    ['partially-completed', 'in_progress'],
    ['failed', 'in_progress'],
    ['rejected', 'cancelled'],
  ])('of a request that is %s is %s', (state, status) => expect(openDsrStatus(state, false)).toBe(status));

  it('is never pending once something upstream may have been changed', () => {
    for (const state of STATES) expect(openDsrStatus(state, true)).not.toBe('pending');
  });
});
