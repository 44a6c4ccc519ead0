import { BlockList, isIP } from 'node:net';

/** IPv4 that isn't the public internet (IANA's special-purpose registry, RFC 6890), multicast and what is reserved. */
const CLOSED_IPV4: readonly (readonly [net: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Azure's own wire server: a public address that leads into the platform from every machine there.
  ['168.63.129.16', 32],
];

/** Within the only block of public unicast IPv6: protocol assignments, documentation, and tunnels that lead to any IPv4 address. */
const CLOSED_IPV6: readonly (readonly [net: string, bits: number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const closed = new BlockList();
for (const [net, bits] of CLOSED_IPV4) closed.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of CLOSED_IPV6) closed.addSubnet(net, bits, 'ipv6');
const unicast = new BlockList();
unicast.addSubnet('2000::', 3, 'ipv6');

/** Whether an address lies on the public internet. What is no address, doesn't. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !closed.check(address, 'ipv4');
    case 6:
      return unicast.check(address, 'ipv6') && !closed.check(address, 'ipv6');
    default:
      return false;
  }
}
