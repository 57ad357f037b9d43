/**
 * What a token may consist of: what the header `Authorization: Bearer …` can carry. Any thread or
 * process; pure. No sentence of this file holds a token or a part of one.
 */

/**
 * Visible ASCII. RFC 6750 allows fewer marks (`b68token`), but every client sends and every server
 * reads them, and tokens drawn by password managers hold them.
 */
const TOKEN = /^[\x21-\x7e]+$/;
/** A server of Node.js takes heads of 16 KiB; what is longer would be refused with each request. */
const TOKEN_LENGTH_MAX = 4096;

export const TOKEN_EXPECTED: string =
  'a token of ASCII letters, digits and marks without spaces, ' +
  `at most ${TOKEN_LENGTH_MAX} characters, such as "openssl rand -hex 32" makes`;

/** Undefined for a token that can be sent; else what came in place of one. */
export function tokenFault(text: string): string | undefined {
  if (text === '') return 'nothing';
  if (text.length > TOKEN_LENGTH_MAX) return `${text.length} characters`;
  if (TOKEN.test(text)) return undefined;
  const at = text.search(/[^\x21-\x7e]/);
  const length = `${text.length} character${text.length === 1 ? '' : 's'}`;
  return `${length} with ${kindOf(text.charCodeAt(at))} at position ${at + 1}`;
}

/** A token's file may hold more, for people: the token is its first line. */
export function tokenOfFile(text: string): string {
  return text.split('\n', 1)[0]!.trim();
}

function kindOf(unit: number): string {
  if (unit === 0x20) return 'a space';
  return unit > 0x7f ? 'a character beyond ASCII' : 'a control character';
}
