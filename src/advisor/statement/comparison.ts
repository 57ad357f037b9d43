/** One condition of a statement as a comparison of two sides, where an index could serve it. Pure. */
import type { Token } from '../../sql/token.js';
import { depthsOf, withoutParentheses } from './clauses.js';

export interface Comparison {
  readonly kind: 'equal' | 'range' | 'null';
  readonly left: readonly Token[];
  /** Empty of IS NULL. */
  readonly right: readonly Token[];
  /** Of IN. */
  readonly isList: boolean;
  /** Of BETWEEN. */
  readonly isClosed: boolean;
}

const RANGES: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);
const EQUALS: ReadonlySet<string> = new Set(['=', '==', '<=>']);
/** Alternatives, and what is asked for by exception, find no rows by an index. */
const UNSERVED: ReadonlySet<string> = new Set(['OR', 'NOT', 'XOR', 'CASE']);
const COMPARING = /^[=<>!]$/;

/** Undefined for what no ordinary index serves. */
export function comparisonOf(condition: readonly Token[]): Comparison | undefined {
  const tokens = withoutParentheses(condition);
  const depths = depthsOf(tokens);
  const at = (words: readonly string[]): number =>
    tokens.findIndex(({ upper }, i) => depths[i] === 0 && words.includes(upper));
  if (tokens.some(({ upper }, i) => depths[i] === 0 && UNSERVED.has(upper))) return undefined;
  const isNull = at(['IS']);
  if (isNull >= 0) {
    const isWhole = isNull === tokens.length - 2 && tokens[isNull + 1]!.upper === 'NULL';
    return isWhole ? sides('null', tokens, isNull, tokens.length) : undefined;
  }
  const isIn = at(['IN']);
  if (isIn >= 0) return { ...sides('equal', tokens, isIn, isIn + 1), isList: true };
  const between = at(['BETWEEN']);
  if (between >= 0) return { ...sides('range', tokens, between, between + 1), isClosed: true };
  const start = tokens.findIndex(({ text }, i) => depths[i] === 0 && COMPARING.test(text));
  if (start < 0) return undefined;
  let end = start;
  while (isOperatorPart(tokens, start, end)) end += 1;
  const operator = tokens
    .slice(start, end)
    .map(({ text }) => text)
    .join('');
  // What is left of an operator such as `@>` or `->`.
  if (tokens[start - 1]?.kind === 'symbol' && !/^[)\]]$/.test(tokens[start - 1]!.text)) {
    return undefined;
  }
  if (EQUALS.has(operator)) return sides('equal', tokens, start, end);
  return RANGES.has(operator) ? sides('range', tokens, start, end) : undefined;
}

function isOperatorPart(tokens: readonly Token[], start: number, at: number): boolean {
  const token = tokens[at];
  if (token?.kind !== 'symbol' || !/^[=<>!~@&|*+-]$/.test(token.text)) return false;
  return at === start || !token.isSpaced;
}

function sides(
  kind: Comparison['kind'],
  tokens: readonly Token[],
  end: number,
  start: number,
): Comparison {
  const left = withoutParentheses(tokens.slice(0, end));
  return {
    kind,
    left,
    right: withoutParentheses(tokens.slice(start)),
    isList: false,
    isClosed: false,
  };
}
