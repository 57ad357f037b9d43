/**
 * Cuts the tokens of a statement where its grammar does: outside of parentheses, at keywords, commas and AND.
 * Pure, linear in the tokens; what it does not know it leaves whole.
 */
import type { Token } from '../../sql/token.js';

const OPENING: ReadonlySet<string> = new Set(['(', '[']);
const CLOSING: ReadonlySet<string> = new Set([')', ']']);

/** For each token how many parentheses are open around it; a parenthesis itself lies outside. */
export function depthsOf(tokens: readonly Token[]): number[] {
  let depth = 0;
  return tokens.map(({ text, kind }) => {
    if (kind !== 'symbol') return depth;
    if (CLOSING.has(text)) depth = Math.max(0, depth - 1);
    const own = depth;
    if (OPENING.has(text)) depth += 1;
    return own;
  });
}

/** Where the first of `words` stands outside of parentheses, from `from` on; -1 when none does. */
export function indexOfWord(
  tokens: readonly Token[],
  words: ReadonlySet<string>,
  from = 0,
): number {
  const depths = depthsOf(tokens);
  return tokens.findIndex(
    ({ upper }, i) => i >= from && depths[i] === 0 && words.has(upper) && !isNamePart(tokens, i),
  );
}

/** `t.order`, where a keyword is a column. */
function isNamePart(tokens: readonly Token[], at: number): boolean {
  return tokens[at - 1]?.text === '.' || tokens[at + 1]?.text === '.';
}

/** The parts between separators that lie outside of parentheses. */
export function split(
  tokens: readonly Token[],
  isSeparator: (token: Token, at: number) => boolean,
): Token[][] {
  const depths = depthsOf(tokens);
  const parts: Token[][] = [[]];
  tokens.forEach((token, i) => {
    if (depths[i] === 0 && isSeparator(token, i)) parts.push([]);
    else parts.at(-1)!.push(token);
  });
  return parts;
}

export function splitAtCommas(tokens: readonly Token[]): Token[][] {
  return split(tokens, ({ text, kind }) => kind === 'symbol' && text === ',');
}

/** Conditions that all must hold, those within parentheses too. BETWEEN keeps its AND. */
export function conjunctsOf(tokens: readonly Token[]): Token[][] {
  const inner = withoutParentheses(tokens);
  let isBetween = false;
  const parts = split(inner, ({ upper }) => {
    if (upper === 'BETWEEN') isBetween = true;
    if (upper !== 'AND') return false;
    const isSeparator = !isBetween;
    isBetween = false;
    return isSeparator;
  }).filter((part) => part.length > 0);
  if (parts.length === 1) return [inner];
  return parts.flatMap((part) => conjunctsOf(part));
}

/** Without the pairs of parentheses that hold all of it. */
export function withoutParentheses(tokens: readonly Token[]): Token[] {
  let inner = tokens.slice();
  while (inner[0]?.text === '(' && endOfGroup(inner, 0) === inner.length - 1 && inner.length > 2) {
    inner = inner.slice(1, -1);
  }
  return inner;
}

/** Where the parenthesis that opens at `start` closes; -1 when it does not. */
export function endOfGroup(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let i = start; i < tokens.length; i++) {
    const { text, kind } = tokens[i]!;
    if (kind !== 'symbol') continue;
    if (OPENING.has(text)) depth += 1;
    else if (CLOSING.has(text)) depth -= 1;
    if (depth === 0) return i;
  }
  return -1;
}
