/**
 * Writes a SELECT from its tokens for a database that shall plan it, with something in the place of each value
 * that is not known any more. Pure.
 */
import { asValue, type Token } from '../../sql/token.js';

/** Where a value stands, for whoever says what stands for it. */
export interface Place {
  readonly tokens: readonly Token[];
  readonly at: number;
  /** From 1. */
  readonly number: number;
}

/** Rows that a page is taken to have: a limit that is not known is planned as a tenth of the table. */
export const PAGE_ROWS = 20;

/** Words before a literal that say its type: `INTERVAL '1 day'`. */
const TYPES: ReadonlySet<string> = new Set([
  'INTERVAL',
  'DATE',
  'TIMESTAMP',
  'TIMESTAMPTZ',
  'TIME',
]);
const ROWS: ReadonlySet<string> = new Set(['FIRST', 'NEXT', 'TOP']);

/** @param standIn what stands for a value whose type the database finds out, or is told by a cast */
export function renderStatement(
  all: readonly Token[],
  standIn: (place: Place) => string,
  castOf: (value: string, type: string) => string,
): string {
  const tokens = withoutArrays(all);
  let text = '';
  let number = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const blank = token.isSpaced && text !== '' ? ' ' : '';
    if (token.kind !== 'value') {
      const type = typeAt(tokens, at);
      if (type !== undefined) {
        number += 1;
        const valueAt = at + type.length;
        const value = standIn({ tokens, at: valueAt, number });
        text += blank + castOf(value, type.map(({ text }) => text).join(' '));
        at = valueAt;
      } else text += blank + token.text;
      continue;
    }
    const known = knownAt(tokens, at);
    if (known === undefined) number += 1;
    text += blank + (known ?? standIn({ tokens, at, number }));
  }
  return text;
}

/** `ARRAY[?, ?]` as one value, whose type then is that of what it is compared with. */
function withoutArrays(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    let end = at + 1;
    if (token.upper === 'ARRAY' && tokens[end]?.text === '[') {
      do end += 1;
      while (tokens[end]?.kind === 'value' || tokens[end]?.text === ',');
    }
    const isArray = end > at + 1 && tokens[end]?.text === ']';
    kept.push(isArray ? asValue(token) : token);
    if (isArray) at = end;
  }
  return kept;
}

/** The words of a type that stand here before a value: `TIMESTAMP WITH TIME ZONE`. */
function typeAt(tokens: readonly Token[], at: number): Token[] | undefined {
  if (!TYPES.has(tokens[at]!.upper) || tokens[at - 1]?.text === '.') return undefined;
  const isZoned = /^WITH(?:OUT)?$/.test(tokens[at + 1]?.upper ?? '');
  const words = tokens.slice(at, at + (isZoned ? 4 : 1));
  return tokens[at + words.length]?.kind === 'value' ? words : undefined;
}

/** What stands for numbers that must be there for a plan: of rows, and of columns. */
function knownAt(tokens: readonly Token[], at: number): string | undefined {
  const before = tokens[at - 1]?.upper ?? '';
  if (before === 'LIMIT') return tokens[at + 1]?.text === ',' ? '0' : String(PAGE_ROWS);
  if (before === 'OFFSET') return '0';
  if (ROWS.has(before)) return String(PAGE_ROWS);
  if (tokens[at - 1]?.text === ',' && tokens[at - 3]?.upper === 'LIMIT') return String(PAGE_ROWS);
  return groupedColumn(tokens, at);
}

/** `GROUP BY 1, 2`: the numbers are gone, their order is what it mostly is. */
function groupedColumn(tokens: readonly Token[], at: number): string | undefined {
  let count = 1;
  let start = at;
  for (; tokens[start - 1]?.text === ',' && tokens[start - 2]?.kind === 'value'; start -= 2) {
    count += 1;
  }
  const isGrouped = tokens[start - 1]?.upper === 'BY' && tokens[start - 2]?.upper === 'GROUP';
  return isGrouped ? String(count) : undefined;
}
