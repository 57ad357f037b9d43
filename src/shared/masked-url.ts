/**
 * A URL that can be shown: user, password and the values of its query are replaced, control
 * characters removed, and it is cut at SHOWN_MAX characters. Any thread. Bounded: linear in what it is given.
 */

const SHOWN_MAX = 200;

export function maskedUrl(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  // Cut after the credentials are gone, for the cut may take away the `@` that shows them; and before the query,
  // whose expression takes quadratic time.
  const bare = withoutCredentials(plain).slice(0, SHOWN_MAX);
  return bare.replace(/([?&][^=&]*)=[^&#]*/g, '$1=***');
}

/**
 * A URL that is wrong is what is shown most, and in it a password may hold `/`, `?`, `#` and `@`, and the scheme
 * may be missing. So everything up to the last `@` goes, but for the scheme.
 */
function withoutCredentials(text: string): string {
  const at = text.lastIndexOf('@');
  if (at < 0) return text;
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0] ?? '';
  return `${scheme}***${text.slice(at)}`;
}
