/**
 * Why no trustworthy connection could be made, in words that say what to mend. Pure. The codes are those
 * of OpenSSL's verification and of Node's own check of names:
 * https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */

const NOBODY_VOUCHES =
  'nobody vouches for its certificate; name the file of its authority in TACHOGRAPH_CA';
const NO_TLS = 'it does not speak TLS there; is the address one of http://?';

const CERTIFICATE_TROUBLES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired; renew it',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clocks of both machines',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is for another host; use a name that stands in it, or issue it for this one',
  DEPTH_ZERO_SELF_SIGNED_CERT: `it has a self-signed certificate: ${NOBODY_VOUCHES}`,
  SELF_SIGNED_CERT_IN_CHAIN: NOBODY_VOUCHES,
  UNABLE_TO_GET_ISSUER_CERT: NOBODY_VOUCHES,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOBODY_VOUCHES,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOBODY_VOUCHES,
  CERT_UNTRUSTED: NOBODY_VOUCHES,
  CERT_REVOKED: 'its certificate is revoked; renew it',
};

/** The sentence for an error; undefined when it is about something else. */
export function tlsTrouble(
  error: Error & { readonly code?: string | undefined },
): string | undefined {
  const { code = '', message } = error;
  if (Object.hasOwn(CERTIFICATE_TROUBLES, code)) return `${CERTIFICATE_TROUBLES[code]} (${code})`;
  // Node has one code for whatever OpenSSL says while it greets, and sometimes one for each.
  if (code !== 'EPROTO' && !code.startsWith('ERR_SSL_')) return undefined;
  if (/wrong version number|packet length too long/.test(message)) return `${NO_TLS} (${code})`;
  // What the other end wants (a certificate of ours, another version of TLS) stands in OpenSSL's words alone.
  return `no TLS could be agreed on: ${message.trim()}`;
}
