/** The IPv6 network (/64) of an address, the least that one customer of a provider has. Pure. */
import { isIPv6 } from 'node:net';

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** Undefined for IPv4, written as IPv6 or not, and for what is no address. */
export function networkOf(address: string): string | undefined {
  if (!isIPv6(address) || /^::ffff:[\d.]+$/i.test(address)) return undefined;
  const [head = '', tail = ''] = address.replace(/%.*$/, '').split('::');
  const [left, right] = [head, tail].map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Math.max(0, GROUPS - left!.length - right!.length);
  const groups = [...left!, ...Array.from({ length: zeros }, () => '0'), ...right!];
  return `${groups.slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
