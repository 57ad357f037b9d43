/**
 * Texts of services, made harmless for where they are shown: a route, a query or a host may be called anything,
 * by anybody who can send a request. Pure; linear; each text is cut at TEXT_MAX.
 */

export const TEXT_MAX = 300;

/** Without control characters, line ends, and what reorders or joins text; such as shows as `·`. */
export function plain(text: string, lengthMax: number = TEXT_MAX): string {
  const cut = text.length > lengthMax ? `${text.slice(0, lengthMax - 1)}…` : text;
  return cut.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '·');
}

/** For mrkdwn of Slack: no entity, mention, link or markup can begin (api.slack.com, "Escaping text"). */
export function forSlack(text: string): string {
  return (
    plain(text)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      // A space of no width takes marks away from the word that they would mark; within one `_` is none.
      .replace(/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\u200b$&\u200b')
      // Slack makes mentions of these words, even without brackets, where a hook asks it to parse.
      .replace(/@(?=channel|here|everyone)/gi, '@\u200b')
      // And links of what looks like an address, though nobody asked for one.
      .replace(/(https?|ftp|mailto|www)(?=[:.])/gi, '$1\u200b')
  );
}

export function forHtml(text: string): string {
  return plain(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** For a header of a mail: one line, short. */
export function forHeader(text: string): string {
  return plain(text, 120).trim();
}
