/** One mail by SMTP, on a connection of its own: reports of the collector, and of commands. */
import { openSmtp } from './smtp-transport.js';
import { parseSmtpUrl } from './smtp-url.js';

export interface Mail {
  readonly to: readonly string[];
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

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
  const transport = await openSmtp(url);
  try {
    const subject = mail.subject
      .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
      .slice(0, SUBJECT_LENGTH_MAX);
    await transport.sendMail({ ...mail, to: [...mail.to], subject });
  } finally {
    transport.close();
  }
}
