/**
 * The way to a mail server, through nodemailer, which is loaded with the first mail only. Bounded by its
 * timeouts. Nothing of a message is read from a file or fetched.
 */
import type { Transporter } from 'nodemailer';
import { bareHost, isLoopback } from '../../shared/host-name.js';

const TIMEOUT_MS = 15_000;
/**
 * Who looks for spam and viruses answers late that a mail was taken; given up on, it is sent again. RFC 5321, 4.5.3.2.6,
 * would have ten minutes, for which an end of the process would wait, too.
 */
const QUIET_MS = 60_000;

/** @param address smtp://user:password@host:587 or smtps://…; options of nodemailer may stand in its query */
export async function openSmtp(address: URL): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport(
    {
      url: guarded(address),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: QUIET_MS,
    },
    { disableFileAccess: true, disableUrlAccess: true },
  );
}

/** A login is not for everybody on the way to read, unless the address says so itself. */
function guarded(address: URL): string {
  const url = new URL(address);
  const { protocol, username, hostname, searchParams } = url;
  const isOpen = protocol === 'smtp:' && username !== '' && !isLoopback(bareHost(hostname));
  if (isOpen && !searchParams.has('requireTLS')) searchParams.set('requireTLS', 'true');
  return url.href;
}
