/**
 * Certificates for tests, made by openssl as they are asked for: an authority, and what it vouches for. They
 * end with the folder they are made in.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** False leaves out the tests that need openssl; where it must be there, they fail. */
export const canMakeCertificates: boolean =
  process.env.CI !== undefined || spawnSync('openssl', ['version']).status === 0;

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  readonly certPath: string;
}

/** Of itself it holds the certificate with which it vouches: one that signs itself. */
export interface Authority extends Certificate {
  /** A certificate for `names` (`DNS:localhost,IP:127.0.0.1`), valid for `days` from now, or until so long ago. */
  issue(names: string, days: number): Certificate;
}

/** @param folder of its own. @throws {Error} what openssl says */
export function makeAuthority(folder: string): Authority {
  mkdirSync(folder, { recursive: true });
  // Of a name of its own: one is looked for by its name.
  const subject = ['-subj', `/CN=Authority of ${basename(folder)}`, '-days', '2'];
  const key = ['-nodes', '-newkey', 'rsa:2048'];
  openssl(folder, 'req', '-x509', ...subject, ...key, '-keyout', 'ca.key', '-out', 'ca.pem');
  let issued = 0;
  return {
    ...read(folder, 'ca'),
    issue(names, days) {
      const name = `server-${issued++}`;
      const request = ['-subj', '/CN=server', ...key];
      openssl(folder, 'req', '-new', ...request, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', `${days}`];
      const files = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.pem`];
      openssl(folder, 'x509', '-req', ...signed, ...files);
      return read(folder, name);
    },
  };
}

function read(folder: string, name: string): Certificate {
  const certPath = join(folder, `${name}.pem`);
  return { key: readFileSync(join(folder, `${name}.key`)), cert: readFileSync(certPath), certPath };
}

function openssl(folder: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`openssl ${args[0]}: ${stderr}`);
}
