/** What can be told of a host by its name alone, without a look-up. Pure; any thread. */

/** As a URL or Host header has it, without the brackets of an IPv6 address. */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** Whether it is this machine's own address; without brackets. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

const PRIVATE_IPV4 =
  /^(?:10\.\d+|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[789]\d|1[01]\d|12[0-7]))\.\d+\.\d+$/;
/** Unique local and link-local. */
const PRIVATE_IPV6 = /^(?:f[cd][\da-f]{2}|fe[89ab][\da-f]):[\da-f:]*$/;
const PRIVATE_NAME = /\.(?:localhost|local|internal|intranet|lan|home\.arpa|svc|test)$/;

/**
 * Whether it is on a network of one's own, as far as the name tells: loopback, a private address, a name
 * without a dot, or one below a domain that is never public. In small letters, without brackets.
 */
export function isPrivate(host: string): boolean {
  if (isLoopback(host) || PRIVATE_IPV4.test(host) || PRIVATE_IPV6.test(host)) return true;
  return /^\d*[a-z_-][a-z\d_-]*$/.test(host) || PRIVATE_NAME.test(host);
}
