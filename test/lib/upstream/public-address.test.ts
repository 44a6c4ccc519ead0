import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../src/lib/upstream/public-address.ts';

describe('An address', () => {
  it.each(['8.8.8.8', '20.50.2.1', '172.32.0.1', '192.169.0.1', '100.128.0.1', '2606:4700::1111', '2a01:111::1'])(
    '%s is public',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '168.63.129.16',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '::ffff:127.0.0.1',
    '64:ff9b::7f00:1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'fc00::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    '',
    'example.com',
    '127.1',
    '0x7f000001',
  ])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false));

  it('of a private block is never public, in its IPv4 form nor within IPv6', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const closed = fc.oneof(
      fc.tuple(fc.constantFrom(0, 10, 127), octet, octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
    );
    fc.assert(
      fc.property(closed, (octets) => {
        const address = octets.join('.');
        expect([address, `::ffff:${address}`, `::${address}`].map(isPublicAddress)).toEqual([false, false, false]);
      }),
    );
  });
});
