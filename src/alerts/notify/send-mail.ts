/**
 * One mail by SMTP, through nodemailer, which is loaded with the first one only. In the collector, and in commands.
 * Bounded by its timeouts. Nothing of a message is read from a file or fetched.
 */
import { guardedSmtpUrl, parseSmtpUrl } from './smtp-url.js';

export interface Mail {
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const TIMEOUT_MS = 15_000;
const SUBJECT_LENGTH_MAX = 200;

/**
 * @param smtpUrl `smtp://user:password@host:587` or `smtps://…`
 * @throws {Error} when it is not delivered; the message holds no password.
 */
export async function sendMail(smtpUrl: string, mail: Mail): Promise<void> {
  const url = parseSmtpUrl(smtpUrl);
  if (url === undefined) {
    throw new Error('expected an SMTP URL such as smtp://user:password@host:587, got another');
  }
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    url: guardedSmtpUrl(url),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const subject = mail.subject
      .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
      .slice(0, SUBJECT_LENGTH_MAX);
    await transport.sendMail({ ...mail, to: [...mail.to], subject });
  } finally {
    transport.close();
  }
}
