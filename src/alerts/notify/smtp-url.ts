/** Addresses of mail servers: which are some, and how a login goes there. Pure. */
import { bareHost, isLoopback } from '../../shared/host-name.js';

/** Undefined when no mail could be sent by it. */
export function parseSmtpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^smtps?:$/.test(url.protocol) && url.hostname !== ''
    ? url
    : undefined;
}

/** For nodemailer. A login is not for everybody on the way to read, unless the address says so itself. */
export function guardedSmtpUrl(address: URL): string {
  const url = new URL(address);
  const { protocol, username, hostname, searchParams } = url;
  const isOpen = protocol === 'smtp:' && username !== '' && !isLoopback(bareHost(hostname));
  if (isOpen && !searchParams.has('requireTLS')) searchParams.set('requireTLS', 'true');
  return url.href;
}
