/**
 * Whose certificates vouch for https destinations: the file of TACHOGRAPH_CA beside what Node.js trusts. Runs
 * in the agent's worker. Bounded: two files of at most 1 MiB. Never throws.
 */
import { readSmallFile } from '../shared/small-file.js';
import type { Network } from './network.js';
import type { OnTrouble } from './trouble.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** PEM; undefined without a file, or when it cannot be used, which is reported. */
export function readAuthorities(path: string, onTrouble: OnTrouble): string | undefined {
  if (path === '') return undefined;
  try {
    return certificatesOf(path).join('\n');
  } catch (error) {
    const detail = `TACHOGRAPH_CA: expected a file with certificates (PEM), got ${(error as Error).message}; only those that Node.js trusts are used.`;
    onTrouble('TACHO_OPTION_INVALID', detail);
    return undefined;
  }
}

/** These and what Node.js trusts by itself: a connection that is given some knows no others. */
export async function withAuthoritiesOfNode(
  pem: string,
  environment: Network['environment'],
): Promise<string[]> {
  const tls = (await import('node:tls')) as typeof import('node:tls') & {
    /** Since Node 22.15; it knows NODE_EXTRA_CA_CERTS too. */
    getCACertificates?: () => string[];
  };
  if (tls.getCACertificates !== undefined) return [...tls.getCACertificates(), pem];
  return [...tls.rootCertificates, ...extraCertificates(environment.NODE_EXTRA_CA_CERTS), pem];
}

/** Node.js itself has warned of a file that cannot be used. */
function extraCertificates(path = ''): string[] {
  if (path === '') return [];
  try {
    return certificatesOf(path);
  } catch {
    return [];
  }
}

/** @throws {Error} where one cannot be parsed: it would fail each connection with a message of OpenSSL's. */
function certificatesOf(path: string): string[] {
  const certificates = readSmallFile(path).match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw new Error('a file without one');
  // Loaded by those alone who name a file.
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  for (const certificate of certificates) new X509Certificate(certificate);
  return certificates;
}
