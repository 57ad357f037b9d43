/** How the patterns of nested routers become one template, the same for every framework. */

/** A pattern as a framework was given it: text, or a regular expression. */
export type Pattern = string | RegExp;

/**
 * `prefix` and the pattern of what is mounted below it. A pattern `/` below a prefix is the prefix
 * itself; a regular expression stands as it is written.
 */
export function joinTemplate(prefix: string, pattern: Pattern): string {
  const text = String(pattern);
  if (text === '/' || text === '') return prefix === '' ? '/' : prefix;
  return text.startsWith('/') ? prefix + text : `${prefix}/${text}`;
}

/** A mount's template as the prefix of what is below it: without the slash at its end. */
export function asPrefix(template: string): string {
  return template.endsWith('/') ? template.replace(/\/+$/, '') : template;
}

/**
 * Matches every path: `/*`, `/*splat`, `/{*splat}`, `/{path*}`, `(.*)`, `/:path*`, and `.*` as an expression.
 */
const CATCH_ALL =
  /^\/(?:\*|\(\.\*\)|\{?\*\w+\}?|\{\w+\*\}|:\w+(?:\*|\(\.\*\)))$|^\/\^?\.[*+]\$?\/$/;

export function isCatchAll(template: string): boolean {
  return CATCH_ALL.test(template);
}

/** The template of `pattern`, but for a 404 of a catch-all route: that is how applications say "no such page". */
export function unlessUnmatched(
  pattern: string | undefined,
  statusCode: number | undefined,
): string | undefined {
  if (pattern === undefined) return undefined;
  const template = pattern.startsWith('/') ? pattern : `/${pattern}`;
  return statusCode === 404 && isCatchAll(template) ? undefined : template;
}
