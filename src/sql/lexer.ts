/**
 * Splits a statement into tokens in one pass, linear in its length. Runs in the agent's worker, once a
 * statement. It never throws, and whatever might be a literal becomes a value without its text: a
 * quote that is not closed takes the rest with it, and so does one whose end is doubtful.
 */
import { commentKeysOf } from './comment-keys.js';
import type { Dialect } from './dialect.js';
import { type Lexed, type Token, type TokenKind, VALUE_TEXT } from './token.js';

/** Control characters too. */
const BLANK = /[^!-~\u0080-\uffff]+/y;
const WORD = /[A-Za-z_\u0080-\uffff][\w$#\u0080-\uffff]*/y;
/** Of SQL Server: temporary tables. */
const HASH_NAME = /##?[\w$#\u0080-\uffff]+/y;
/** With what SQL allows and what it does not: digits run on until something else comes. */
const NUMBER = /(?:\d|\.\d)(?:[eE][+-]\d|[\w.$\u0080-\uffff])*/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;
const PARAMETER = /\?\d*|\$\d+/y;
const NAMED_PARAMETER = /[:@$][A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
/** What follows its dots is a word. */
const SYSTEM_VARIABLE = /@@[\w$]+(?:\.[A-Za-z_\u0080-\uffff][\w$#\u0080-\uffff]*)*/y;
const OPERATOR = /::|:=|[=<>!+*/%^&|~-]/y;
const SIGNED = /[+-]\s*(?:\d|\.\d)/y;
const COMMENT_MARK = /\/\*|\*\//g;
/** Prefixes of strings: national, bits, bytes; of E'…' see the dialect. */
const STRING_PREFIX = /[EeNnBbXx](?=')/y;

export function lex(text: string, dialect: Dialect): Lexed {
  return new Lexer(text, dialect).run();
}

class Lexer {
  readonly #text: string;
  readonly #dialect: Dialect;
  readonly #tokens: Token[] = [];
  #commentKeys: readonly string[] = [];
  #at = 0;
  #isSpaced = false;

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
  }

  run(): Lexed {
    while (this.#at < this.#text.length) {
      if (this.#blank() || this.#comment()) this.#isSpaced = true;
      else this.#token();
    }
    return { tokens: this.#tokens, commentKeys: this.#commentKeys };
  }

  #token(): void {
    if (this.#quoted() || this.#dollarQuoted() || this.#value() || this.#word()) return;
    if (this.#signed()) return;
    const operator = this.#match(OPERATOR) ?? this.#text.charAt(this.#at);
    this.#push('symbol', operator, operator.length);
  }

  #blank(): boolean {
    const blank = this.#match(BLANK);
    this.#at += blank?.length ?? 0;
    return blank !== undefined;
  }

  #comment(): boolean {
    const { hasHashComments } = this.#dialect;
    const text = this.#text;
    const next = text.charAt(this.#at + 2);
    const isLine = hasHashComments
      ? text.charAt(this.#at) === '#' || (this.#starts('--') && (next === '' || next <= ' '))
      : this.#starts('--');
    if (isLine) {
      const end = text.indexOf('\n', this.#at);
      this.#at = end < 0 ? text.length : end + 1;
      return true;
    }
    if (!this.#starts('/*')) return false;
    const start = this.#at;
    this.#at = this.#endOfComment();
    const keys = commentKeysOf(text.slice(start + 2, this.#at - 2));
    if (keys.length > 0) this.#commentKeys = keys;
    return true;
  }

  #endOfComment(): number {
    let depth = 0;
    COMMENT_MARK.lastIndex = this.#at;
    for (;;) {
      const mark = COMMENT_MARK.exec(this.#text);
      if (mark === null) return this.#text.length;
      if (mark[0] === '*/') depth -= 1;
      else if (depth === 0 || this.#dialect.hasNestedComments) depth += 1;
      if (depth === 0) return mark.index + 2;
    }
  }

  /** Strings and quoted names. */
  #quoted(): boolean {
    const { hasBackslash, hasEscapeStrings, doubleQuoted, hasBracketNames } = this.#dialect;
    const prefix = this.#match(STRING_PREFIX) ?? '';
    const quote = this.#text.charAt(this.#at + prefix.length);
    const isString = quote === "'" || (quote === '"' && doubleQuoted === 'string');
    if (isString) {
      const isEscaped = hasBackslash || (hasEscapeStrings && /^e$/i.test(prefix));
      const start = this.#at + prefix.length;
      this.#push('value', VALUE_TEXT, this.#endOfString(start, quote, isEscaped) - this.#at);
      return true;
    }
    if (quote !== '"' && quote !== '`' && !(quote === '[' && hasBracketNames)) return false;
    const end = this.#endOfName(this.#at, quote === '[' ? ']' : quote);
    if (end === undefined) this.#push('value', VALUE_TEXT, this.#text.length - this.#at);
    else this.#push('name', this.#text.slice(this.#at, end), end - this.#at);
    return true;
  }

  /** The end of a string that begins at `start`: that of the text when it is not closed, or doubtful. */
  #endOfString(start: number, quote: string, isEscaped: boolean): number {
    const text = this.#text;
    let at = start + 1;
    for (; at < text.length; at++) {
      const char = text.charAt(at);
      if (isEscaped && char === '\\') at += 1;
      else if (char === quote) {
        if (text.charAt(at + 1) !== quote) break;
        at += 1;
      }
    }
    if (at >= text.length) return text.length;
    // With the legacy setting of PostgreSQL it ends elsewhere; '\' alone is how LIKE … ESCAPE is written.
    const isDoubtful = !isEscaped && text.charAt(at - 1) === '\\' && at - start !== 2;
    return isDoubtful ? text.length : at + 1;
  }

  #endOfName(start: number, quote: string): number | undefined {
    for (let at = start + 1; ; at += 2) {
      at = this.#text.indexOf(quote, at);
      if (at < 0) return undefined;
      if (this.#text.charAt(at + 1) !== quote) return at + 1;
    }
  }

  #dollarQuoted(): boolean {
    if (!this.#dialect.hasDollarQuotes || this.#text.charAt(this.#at) !== '$') return false;
    const tag = this.#match(DOLLAR_TAG);
    if (tag === undefined) return false;
    const end = this.#text.indexOf(tag, this.#at + tag.length);
    this.#push('value', VALUE_TEXT, (end < 0 ? this.#text.length : end + tag.length) - this.#at);
    return true;
  }

  /** Numbers and parameters. */
  #value(): boolean {
    const found = this.#match(NUMBER) ?? this.#match(PARAMETER) ?? this.#namedParameter();
    if (found === undefined) return false;
    this.#push('value', VALUE_TEXT, found.length);
    return true;
  }

  #namedParameter(): string | undefined {
    return this.#dialect.hasNamedParameters ? this.#match(NAMED_PARAMETER) : undefined;
  }

  #word(): boolean {
    const { hasHashNames } = this.#dialect;
    const hashName = hasHashNames ? this.#match(HASH_NAME) : undefined;
    const word = this.#match(WORD) ?? this.#match(SYSTEM_VARIABLE) ?? hashName;
    if (word === undefined) return false;
    const isFolded = this.#dialect.foldsNames && !word.startsWith('@');
    const shown = isFolded ? inLowerCase(word) : word;
    this.#push('word', shown, word.length);
    return true;
  }

  /** A sign belongs to its number where an operand is due: `= -1` is one value. */
  #signed(): boolean {
    if (this.#match(SIGNED) === undefined) return false;
    const before = this.#tokens.at(-1);
    const isOperandDue =
      before === undefined || (before.kind === 'symbol' && !/^[)\].]$/.test(before.text));
    if (isOperandDue) this.#at += 1;
    return isOperandDue;
  }

  #push(kind: TokenKind, text: string, length: number): void {
    const upper = kind === 'word' ? text.toUpperCase() : '';
    this.#tokens.push({ kind, text, upper, isSpaced: this.#isSpaced });
    this.#isSpaced = false;
    this.#at += length;
  }

  #starts(mark: string): boolean {
    return this.#text.startsWith(mark, this.#at);
  }

  /** What a sticky pattern finds here. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0];
  }
}

/** Of ASCII alone, as PostgreSQL has it. */
function inLowerCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
