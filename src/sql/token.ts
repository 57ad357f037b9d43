/** What the lexer makes of a statement. No token holds a value: literals and parameters are `?`. */

export type TokenKind = 'word' | 'name' | 'value' | 'symbol';

export interface Token {
  /** `word`: keyword or bare name. `name`: a quoted one. `value`: literal or parameter. */
  readonly kind: TokenKind;
  /** As it stands in the canonical text; of a value `?`. */
  readonly text: string;
  /** In capitals, for comparison with keywords; empty unless it is a word. */
  readonly upper: string;
  /** A blank or comment stood before it. */
  readonly isSpaced: boolean;
}

/** A statement as tokens, and the keys of its sqlcommenter comment. */
export interface Lexed {
  readonly tokens: Token[];
  readonly commentKeys: readonly string[];
}

export const VALUE_TEXT = '?';

/** What stands for `token`, which must not be shown. */
export function asValue(token: Token): Token {
  return { ...token, kind: 'value', text: VALUE_TEXT, upper: '' };
}
