/** Certificates for tests, made by openssl: an authority, and what it vouches for. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly certPath: string;
}

export interface Authority extends Certificate {
  /** A certificate for `names` (`DNS:localhost,IP:127.0.0.1`), valid from now for `days`. */
  issue(names: string, days: number): Certificate;
}

function openssl(folder: string, ...args: string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
}

function read(folder: string, name: string): Certificate {
  const certPath = join(folder, `${name}.pem`);
  return { key: readFileSync(join(folder, `${name}.key`)), cert: readFileSync(certPath), certPath };
}

export function makeAuthority(folder: string): Authority {
  const subject = ['-subj', '/CN=Test authority', '-days', '2', '-nodes', '-newkey', 'rsa:2048'];
  openssl(folder, 'req', '-x509', ...subject, '-keyout', 'ca.key', '-out', 'ca.pem');
  let issued = 0;
  return {
    ...read(folder, 'ca'),
    issue(names, days) {
      const name = `server-${issued++}`;
      const request = ['-subj', '/CN=server', '-nodes', '-newkey', 'rsa:2048'];
      openssl(folder, 'req', '-new', ...request, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', `${days}`];
      const files = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.pem`];
      openssl(folder, 'x509', '-req', ...signed, ...files);
      return read(folder, name);
    },
  };
}
