/**
 * What of a statement says how much it may read: whether it is bounded, paged, of one row, of all columns, and
 * what its values are for. Pure; runs in the agent's worker, once a statement.
 */
import { dialectOf } from './dialect.js';
import { lex } from './lexer.js';
import type { Token } from './token.js';

export interface StatementShape {
  readonly hasFrom: boolean;
  /** It reads every column of a table. */
  readonly isStar: boolean;
  /** LIMIT, FETCH FIRST, TOP. */
  readonly isBounded: boolean;
  /** OFFSET, or the LIMIT of MySQL with two numbers. */
  readonly isPaged: boolean;
  /** An aggregate without groups, or no table at all. */
  readonly isOneRow: boolean;
  /** FOR UPDATE, FOR SHARE, SKIP LOCKED: rows are taken, not only read. */
  readonly isLocking: boolean;
  /** A column is compared with a value by `=`. */
  readonly hasEquality: boolean;
  /** A column is compared with a value by `<` or `>`. */
  readonly hasRange: boolean;
  /** Its list of values, of IN or ANY, may hold any number of them. */
  readonly hasList: boolean;
  /** Values outside of such lists. */
  readonly scalars: number;
}

const UNKNOWN: StatementShape = {
  hasFrom: true,
  isStar: false,
  isBounded: true,
  isPaged: false,
  isOneRow: false,
  isLocking: false,
  hasEquality: false,
  hasRange: false,
  hasList: false,
  scalars: 0,
};

const AGGREGATES =
  /^(?:COUNT|SUM|AVG|MIN|MAX|TOTAL|BOOL_(?:AND|OR)|EVERY|\w+_AGG|GROUP_CONCAT|EXISTS)$/;

/** Of what cannot be read nothing is claimed; nor, unless it `isWhole`, that a statement has no bound. */
export function statementShape(
  system: string,
  statement: string,
  isWhole: boolean = true,
): StatementShape {
  const dialect = dialectOf(system);
  if (dialect === undefined) return UNKNOWN;
  try {
    const shape = shapeOf(lex(statement, dialect).tokens);
    return isWhole ? shape : { ...shape, isBounded: true };
  } catch {
    return UNKNOWN;
  }
}

function shapeOf(tokens: readonly Token[]): StatementShape {
  const outer = outermost(tokens);
  const has = (...words: string[]): boolean => outer.some(({ upper }) => words.includes(upper));
  const lists = listsIn(tokens);
  const isSelect = outer.some(({ upper }) => upper === 'SELECT');
  const hasFrom = has('FROM');
  return {
    hasFrom,
    isStar: isSelect && isStar(outer),
    isBounded: has('LIMIT', 'FETCH', 'TOP', 'ROWNUM'),
    isPaged: has('OFFSET') || hasTwoLimits(outer),
    isOneRow: isSelect && (!hasFrom || (!has('GROUP', 'UNION', 'OVER') && isAggregate(outer))),
    isLocking: follows(tokens, 'FOR', 'UPDATE', 'SHARE', 'NO', 'KEY') || has('SKIP'),
    hasEquality: tokens.some((token, i) => token.text === '=' && isValue(tokens[i + 1])),
    hasRange: tokens.some((_, i) => isRange(tokens, i)),
    hasList: lists.length > 0,
    scalars: tokens.filter(isValue).length - lists.reduce((sum, list) => sum + list, 0),
  };
}

/** Without what stands in parentheses, but for these themselves. */
function outermost(tokens: readonly Token[]): Token[] {
  let depth = 0;
  return tokens.filter(({ text }) => {
    if (text === ')') depth -= 1;
    const isOuter = depth <= 0;
    if (text === '(') depth += 1;
    return isOuter;
  });
}

function isStar(outer: readonly Token[]): boolean {
  const select = outer.findIndex(({ upper }) => upper === 'SELECT');
  const from = outer.findIndex(({ upper }, i) => i > select && upper === 'FROM');
  return outer.slice(select + 1, from < 0 ? outer.length : from).some(({ text }, i, list) => {
    const before = list[i - 1];
    const isFirst = before === undefined || [',', '.'].includes(before.text);
    return text === '*' && (isFirst || before.upper === 'DISTINCT' || before.upper === 'ALL');
  });
}

function isAggregate(outer: readonly Token[]): boolean {
  return outer.some(({ upper }, i) => AGGREGATES.test(upper) && outer[i + 1]?.text === '(');
}

function hasTwoLimits(outer: readonly Token[]): boolean {
  const limit = outer.findIndex(({ upper }) => upper === 'LIMIT');
  return limit >= 0 && outer[limit + 2]?.text === ',';
}

function follows(tokens: readonly Token[], word: string, ...next: string[]): boolean {
  return tokens.some(({ upper }, i) => upper === word && next.includes(tokens[i + 1]?.upper ?? ''));
}

/** How many values each list has; of ANY, whose list is one value, 1. */
function listsIn(tokens: readonly Token[]): number[] {
  const found: number[] = [];
  for (const [i, { upper }] of tokens.entries()) {
    if (upper !== 'IN' && upper !== 'ANY') continue;
    const values = valuesFrom(tokens, i + 1);
    if (values > 0) found.push(values);
  }
  return found;
}

/** Values of a list that begins at `start`; none of a query in its place. */
function valuesFrom(tokens: readonly Token[], start: number): number {
  if (tokens[start]?.text !== '(') return isValue(tokens[start]) ? 1 : 0;
  let values = 0;
  for (let at = start + 1; at < tokens.length && tokens[at]!.text !== ')'; at++) {
    if (tokens[at]!.upper === 'SELECT') return 0;
    if (isValue(tokens[at])) values += 1;
  }
  return values;
}

const isValue = (token: Token | undefined): boolean => token?.kind === 'value';

/** `a > ?`, `a >= ?`; a lexer gives two signs. */
function isRange(tokens: readonly Token[], at: number): boolean {
  const { text } = tokens[at]!;
  if (text !== '<' && text !== '>') return false;
  // `<>` is another.
  if (text === '>' && tokens[at - 1]?.text === '<') return false;
  const next = tokens[at + 1];
  return isValue(next) || (next?.text === '=' && isValue(tokens[at + 2]));
}
