/** A real SMTP server: TLS from STARTTLS or from the start, a login, and every mail it takes, parsed. */
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { Certificate } from '../../support/certificates.js';

export const USER = 'tacho';
export const PASSWORD = 'p@ss/word';

export interface MailServer {
  readonly port: number;
  readonly mails: ParsedMail[];
  /** Answers the next mails with such a code instead of taking them. */
  refuseWith(code: number, times: number): void;
  close(): Promise<void>;
}

export async function mailServer(certificate: Certificate, secure: boolean): Promise<MailServer> {
  const mails: ParsedMail[] = [];
  const refusal = { code: 0, left: 0 };
  const server = new SMTPServer({
    secure,
    key: certificate.key,
    cert: certificate.cert,
    // Without TLS no login is taken, as any server of today.
    authMethods: ['PLAIN', 'LOGIN'],
    onAuth({ username, password }, _session, done) {
      if (username === USER && password === PASSWORD) done(null, { user: username });
      else done(new Error('wrong login'));
    },
    async onData(stream, _session, done) {
      const mail = await simpleParser(stream);
      if (refusal.left-- > 0) {
        done(Object.assign(new Error('not now'), { responseCode: refusal.code }));
        return;
      }
      mails.push(mail);
      done();
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    mails,
    refuseWith(code, times) {
      refusal.code = code;
      refusal.left = times;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
