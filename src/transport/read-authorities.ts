/** The certificates of TACHOGRAPH_CA. Read once, in the agent's worker; at most 1 MiB. Never throws. */
import { X509Certificate } from 'node:crypto';
import { readSmallFile } from '../shared/small-file.js';
import type { OnTrouble } from './trouble.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** PEM; undefined without a file, or when it cannot be used, which is reported. */
export function readAuthorities(path: string, onTrouble: OnTrouble): string | undefined {
  if (path === '') return undefined;
  try {
    const certificates = readSmallFile(path).match(CERTIFICATE) ?? [];
    if (certificates.length === 0) throw new Error('a file without one');
    // A certificate that cannot be parsed would fail each connection with a message of OpenSSL's.
    for (const certificate of certificates) new X509Certificate(certificate);
    return certificates.join('\n');
  } catch (error) {
    const detail = `TACHOGRAPH_CA: expected a file with certificates (PEM), got ${(error as Error).message}; only those that Node.js trusts are used.`;
    onTrouble('TACHO_OPTION_INVALID', detail);
    return undefined;
  }
}
