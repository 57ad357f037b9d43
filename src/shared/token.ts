/**
 * What a token may consist of: what the header `Authorization: Bearer …` can carry. Any thread or
 * process; pure. No sentence of this file holds a token or a part of one.
 */

/** `b68token` of RFC 6750, section 2.1: what every client sends and every proxy lets through. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
/** A server of Node.js takes heads of 16 KiB; what is longer would be refused with each request. */
const TOKEN_LENGTH_MAX = 4096;

export const TOKEN_EXPECTED: string =
  'a token of letters, digits and -._~+/ with = at its end only ' +
  `(RFC 6750), at most ${TOKEN_LENGTH_MAX} characters, such as "openssl rand -hex 32" makes`;

/** Undefined for a token that can be sent; else what came in place of one. */
export function tokenFault(text: string): string | undefined {
  if (text === '') return 'nothing';
  if (text.length > TOKEN_LENGTH_MAX) return `${text.length} characters`;
  if (TOKEN.test(text)) return undefined;
  const at = text.search(/[^A-Za-z0-9\-._~+/=]/);
  const length = `${text.length} character${text.length === 1 ? '' : 's'}`;
  if (at < 0) return `${length} with = before the end`;
  return `${length} with ${kindOf(text.charCodeAt(at))} at position ${at + 1}`;
}

/** A token's file may hold more, for people: the token is its first line. */
export function tokenOfFile(text: string): string {
  return text.split('\n', 1)[0]!.trim();
}

function kindOf(unit: number): string {
  if (unit === 0x20) return 'a space';
  if (unit < 0x20 || unit === 0x7f) return 'a control character';
  return unit > 0x7f ? 'a character beyond ASCII' : 'another punctuation mark';
}
