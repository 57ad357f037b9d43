/**
 * The SELECT that finds what an UPDATE or DELETE changes: same tables, same condition. Pure. A statement that
 * is neither is given back as it is, and so is one of a form that is not known.
 */
import type { Token } from '../../sql/token.js';
import { indexOfWord } from './clauses.js';

const word = (upper: string): Token => ({ kind: 'word', text: upper, upper, isSpaced: true });
const VALUE: Token = { kind: 'value', text: '?', upper: '', isSpaced: true };
const COMMA: Token = { kind: 'symbol', text: ',', upper: '', isSpaced: false };

const MODIFIERS: ReadonlySet<string> = new Set(['LOW_PRIORITY', 'IGNORE', 'QUICK']);
const SET: ReadonlySet<string> = new Set(['SET']);
const FROM: ReadonlySet<string> = new Set(['FROM']);
const USING: ReadonlySet<string> = new Set(['USING']);
const AFTER_TABLES: ReadonlySet<string> = new Set(['WHERE', 'ORDER', 'LIMIT']);
const AFTER_SET: ReadonlySet<string> = new Set(['FROM', 'WHERE', 'ORDER', 'LIMIT', 'RETURNING']);
const RETURNING: ReadonlySet<string> = new Set(['RETURNING']);

export function selectOfWrite(tokens: readonly Token[]): readonly Token[] {
  switch (tokens[0]?.upper) {
    case 'UPDATE':
      return selectOfUpdate(tokens) ?? tokens;
    case 'DELETE':
      return selectOfDelete(tokens) ?? tokens;
    default:
      return tokens;
  }
}

/** `UPDATE tables SET … [FROM tables] [WHERE …]` */
function selectOfUpdate(tokens: readonly Token[]): Token[] | undefined {
  const set = indexOfWord(tokens, SET);
  if (set < 0) return undefined;
  const tables = withoutModifiers(tokens.slice(1, set));
  const rest = withoutReturning(from(tokens, indexOfWord(tokens, AFTER_SET, set)));
  if (rest[0]?.upper !== 'FROM') return select(tables, rest);
  const end = indexOfWord(rest, AFTER_TABLES);
  const others = end < 0 ? rest.slice(1) : rest.slice(1, end);
  return select([...tables, COMMA, ...others], from(rest, end));
}

/** `DELETE FROM table [USING tables] [WHERE …]`, and of MySQL `DELETE a, b FROM tables [WHERE …]`. */
function selectOfDelete(tokens: readonly Token[]): Token[] | undefined {
  const start = indexOfWord(tokens, FROM);
  if (start < 0) return undefined;
  const all = withoutReturning(tokens.slice(start + 1));
  const end = indexOfWord(all, AFTER_TABLES);
  const tables = end < 0 ? all : all.slice(0, end);
  const using = indexOfWord(tables, USING);
  // USING of a join is followed by columns in parentheses.
  if (using < 0 || tables[using + 1]?.text === '(') return select(tables, from(all, end));
  const others = tables.slice(using + 1);
  return select([...tables.slice(0, using), COMMA, ...others], from(all, end));
}

const select = (tables: readonly Token[], rest: readonly Token[]): Token[] => [
  word('SELECT'),
  VALUE,
  word('FROM'),
  ...tables,
  ...rest,
];

function from(tokens: readonly Token[], start: number): readonly Token[] {
  return start < 0 ? [] : tokens.slice(start);
}

function withoutModifiers(tokens: readonly Token[]): Token[] {
  return tokens.filter(({ upper }) => !MODIFIERS.has(upper));
}

function withoutReturning(tokens: readonly Token[]): readonly Token[] {
  const end = indexOfWord(tokens, RETURNING);
  return end < 0 ? tokens : tokens.slice(0, end);
}
