/**
 * Certificates made by openssl for one test: an authority, and leaves that are good, expired, of another
 * host, or vouched for by nobody. They end with the folder they are made in.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const opensslIsThere: boolean = spawnSync('openssl', ['version']).status === 0;

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export interface Certificates {
  /** Path of the authority's certificate. */
  readonly authority: string;
  readonly good: Certificate;
  readonly expired: Certificate;
  readonly otherHost: Certificate;
  readonly selfSigned: Certificate;
}

const NEW_KEY = ['-newkey', 'rsa:2048', '-nodes'];
const HERE = 'subjectAltName=IP:127.0.0.1';

/** All for 127.0.0.1 but `otherHost`. @throws {Error} what openssl says */
export function makeCertificates(folder: string): Certificates {
  const path = (name: string): string => join(folder, name);
  const selfSign = (name: string, ...more: string[]): void => {
    const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)];
    openssl('req', '-x509', ...NEW_KEY, '-subj', `/CN=${name}`, '-days', '2', ...files, ...more);
  };
  const read = (name: string): Certificate => ({
    key: readFileSync(path(`${name}.key`), 'utf8'),
    cert: readFileSync(path(`${name}.pem`), 'utf8'),
  });
  const sign = (name: string, subject: string, days: number): Certificate => {
    const request = path(`${name}.csr`);
    const files = ['-keyout', path(`${name}.key`), '-out', request];
    openssl('req', ...NEW_KEY, '-subj', `/CN=${name}`, ...files);
    writeFileSync(path(`${name}.ext`), subject);
    const by = ['-CA', path('authority.pem'), '-CAkey', path('authority.key'), '-CAcreateserial'];
    const terms = ['-days', String(days), '-extfile', path(`${name}.ext`)];
    openssl('x509', '-req', '-in', request, ...by, ...terms, '-out', path(`${name}.pem`));
    return read(name);
  };

  selfSign('authority');
  selfSign('alone', '-addext', HERE);
  return {
    authority: path('authority.pem'),
    good: sign('good', HERE, 2),
    expired: sign('expired', HERE, -1),
    otherHost: sign('other', 'subjectAltName=DNS:elsewhere.example', 2),
    selfSigned: read('alone'),
  };
}

function openssl(...args: string[]): void {
  const { status, stderr, error } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw error ?? new Error(`openssl ${args[0]}: ${stderr}`);
}
