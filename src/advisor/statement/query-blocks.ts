/**
 * The SELECTs that a statement consists of, each with its tables and conditions: subqueries, common table
 * expressions and the arms of a UNION are blocks of their own. Pure; what is not understood is left out.
 */
import type { Token } from '../../sql/token.js';
import { endOfGroup, indexOfWord, split, splitAtCommas } from './clauses.js';

export interface Source {
  readonly schema: string;
  readonly name: string;
  /** By which columns of it are named. */
  readonly alias: string;
}

export interface QueryBlock {
  readonly sources: readonly Source[];
  /** Of WHERE, and of ON: each must hold. */
  readonly conditions: readonly (readonly Token[])[];
  /** Columns of `JOIN … USING (…)`. */
  readonly using: readonly string[];
  readonly orderBy: readonly (readonly Token[])[];
  readonly isLimited: boolean;
  /** Groups its rows or takes distinct ones, so that its order is not that of a table. */
  readonly isGrouped: boolean;
  /** What a column outside is compared with: `this` of `… IN (SELECT this FROM …)`; else nothing. */
  readonly sought: readonly Token[];
}

interface Waiting {
  readonly tokens: readonly Token[];
  readonly isSought: boolean;
}

const SET_OPERATIONS: ReadonlySet<string> = new Set(['UNION', 'INTERSECT', 'EXCEPT', 'MINUS']);
const CLAUSES: ReadonlySet<string> = new Set(
  'WHERE GROUP HAVING WINDOW ORDER LIMIT OFFSET FETCH'.split(' '),
);
const BLOCK_STARTS: ReadonlySet<string> = new Set(['SELECT', 'WITH']);
const JOIN_WORDS: ReadonlySet<string> = new Set(
  'JOIN INNER LEFT RIGHT FULL CROSS NATURAL OUTER STRAIGHT_JOIN'.split(' '),
);
const BLOCKS_MAX = 50;

export function queryBlocksOf(tokens: readonly Token[]): QueryBlock[] {
  const blocks: QueryBlock[] = [];
  const waiting: Waiting[] = [{ tokens, isSought: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { outer, inner } = withoutSubqueries(next.tokens);
    waiting.push(...inner);
    for (const part of split(outer, ({ upper }) => SET_OPERATIONS.has(upper))) {
      if (blocks.length >= BLOCKS_MAX) return blocks;
      const start = indexOfWord(part, new Set(['SELECT']));
      if (start >= 0) blocks.push(blockOf(part.slice(start), next.isSought));
    }
  }
  return blocks;
}

/** Stands for the text of a subquery, which is a block of its own. */
export const SUBQUERY: Token = { kind: 'symbol', text: 'subquery', upper: '', isSpaced: false };

/** Each `(SELECT …)` becomes `(subquery)`. */
function withoutSubqueries(tokens: readonly Token[]): { outer: Token[]; inner: Waiting[] } {
  const outer: Token[] = [];
  const inner: Waiting[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    outer.push(token);
    if (token.text !== '(' || !BLOCK_STARTS.has(tokens[i + 1]?.upper ?? '')) continue;
    const end = endOfGroup(tokens, i);
    if (end < 0) continue;
    const isSought = tokens[i - 1]?.upper === 'IN' && tokens[i - 2]?.upper !== 'NOT';
    inner.push({ tokens: tokens.slice(i + 1, end), isSought });
    outer.push(SUBQUERY);
    i = end - 1;
  }
  return { outer, inner };
}

/** `tokens` from SELECT on. */
function blockOf(tokens: readonly Token[], isSought: boolean): QueryBlock {
  const from = clauseAt(tokens, 'FROM', CLAUSES);
  const { sources, conditions, using } = sourcesOf(from);
  const where = clauseAt(tokens, 'WHERE', CLAUSES);
  const order = clauseAt(tokens, 'ORDER', CLAUSES).slice(1);
  return {
    sources,
    conditions: where.length > 0 ? [...conditions, where] : conditions,
    using,
    orderBy: order.length > 0 ? splitAtCommas(order) : [],
    isLimited: indexOfWord(tokens, new Set(['LIMIT', 'FETCH'])) >= 0,
    isGrouped: indexOfWord(tokens, new Set(['GROUP', 'DISTINCT'])) >= 0,
    sought: isSought ? clauseAt(tokens, 'SELECT', new Set(['FROM'])) : [],
  };
}

function clauseAt(tokens: readonly Token[], word: string, ends: ReadonlySet<string>): Token[] {
  const start = indexOfWord(tokens, new Set([word]));
  if (start < 0) return [];
  const end = indexOfWord(tokens, ends, start + 1);
  return tokens.slice(start + 1, end < 0 ? tokens.length : end);
}

/** Tables and join conditions of a FROM clause; parentheses around joins do not matter. */
function sourcesOf(from: readonly Token[]): Pick<QueryBlock, 'sources' | 'conditions' | 'using'> {
  const sources: Source[] = [];
  const conditions: Token[][] = [];
  const using: string[] = [];
  for (let at = 0; at < from.length; ) {
    const { upper, text } = from[at]!;
    if (upper === 'ON') {
      const end = endOfCondition(from, at + 1);
      conditions.push(from.slice(at + 1, end));
      at = end;
    } else if (upper === 'USING' && from[at + 1]?.text === '(') {
      const end = endOfGroup(from, at + 1);
      if (end < 0) break;
      using.push(...from.slice(at + 2, end).flatMap((token) => nameOf(token) ?? []));
      at = end + 1;
    } else if (JOIN_WORDS.has(upper) || text === ',' || text === '(' || text === ')') at += 1;
    else at = readSource(from, at, sources);
  }
  return { sources, conditions, using };
}

/** Where the condition after ON ends: at the next join, comma, or parenthesis that closes more than opened. */
function endOfCondition(tokens: readonly Token[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const { text, upper } = tokens[at]!;
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    if (depth < 0) return at;
    const isNext = text === ',' || JOIN_WORDS.has(upper) || upper === 'ON';
    // left(…) and right(…) are functions.
    if (depth === 0 && isNext && tokens[at + 1]?.text !== '(') return at;
  }
  return tokens.length;
}

/** `[ONLY] [schema.]table [[AS] alias]`; gives where it ends. What is no table is passed over. */
function readSource(from: readonly Token[], start: number, sources: Source[]): number {
  let at = start;
  if (/^(?:ONLY|LATERAL)$/.test(from[at]!.upper)) at += 1;
  const names: string[] = [];
  for (let name = nameOf(from[at]); name !== undefined; name = nameOf(from[at])) {
    names.push(name);
    at += 1;
    if (from[at]?.text !== '.') break;
    at += 1;
  }
  // A subquery, or what is no table; a function is followed by its arguments.
  if (names.length === 0) return at + 1;
  if (from[at]?.text === '(') return Math.max(endOfGroup(from, at), at) + 1;
  if (from[at]?.upper === 'AS') at += 1;
  const alias = isClauseWord(from[at]) ? undefined : nameOf(from[at]);
  if (alias !== undefined) at += 1;
  const name = names.at(-1)!;
  sources.push({ schema: names.at(-2) ?? '', name, alias: alias ?? name });
  return at;
}

function isClauseWord(token: Token | undefined): boolean {
  return token !== undefined &&
    /^(?:ON|USING|USE|FORCE|IGNORE|TABLESAMPLE|INDEXED|PARTITION)$|JOIN/.test(token.upper)
    ? true
    : JOIN_WORDS.has(token?.upper ?? '');
}

/** A name as the catalogue has it; bare ones in lower case. */
export function nameOf(token: Token | undefined): string | undefined {
  if (token?.kind === 'word') return token.text.toLowerCase();
  if (token?.kind !== 'name') return undefined;
  const quote = token.text.slice(-1);
  return token.text.slice(1, -1).replaceAll(quote + quote, quote);
}
