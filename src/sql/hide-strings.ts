/**
 * Quoted names that may have been meant as strings: SQLite takes "…" for one where no column has that
 * name, and whoever is used to that writes it elsewhere, where the statement then fails, as one with `…` does. Such a
 * name is shown only where no value may stand, or if it looks like a column. Runs in the agent's worker.
 */
import { KEYWORDS } from './keywords.js';
import { asValue, type Token } from './token.js';

/** After these a value is due. */
const BEFORE_VALUE =
  /^(?:[=<>!+*/%|&~-]+|LIKE|GLOB|MATCH|REGEXP|ESCAPE|BETWEEN|IS|THEN|ELSE|WHEN|LIMIT|OFFSET|DEFAULT)$/;
/** After these a table is. */
const BEFORE_TABLE: ReadonlySet<string> = new Set('FROM JOIN INTO UPDATE TABLE'.split(' '));
const COLUMN = /^["`][\p{L}_][\p{L}\p{N}_$]*["`]$/u;
/** Where a parenthesis after one of these holds values. */
const BEFORE_VALUES: ReadonlySet<string> = new Set(['IN', 'VALUES']);
/** Keywords that are functions, too. */
const FUNCTIONS: ReadonlySet<string> = new Set('CAST REPLACE LIKE IF'.split(' '));
/** No keywords to the canonical text, and no functions. */
const CLAUSES: ReadonlySet<string> = new Set(['FILTER', 'MATERIALIZED']);
const QUERIES: ReadonlySet<string> = new Set(['SELECT', 'WITH']);

/** Replaces in place what may be a string: names in one of `quotes`. */
export function hideStrings(tokens: Token[], quotes: string): void {
  /** Of each parenthesis that is open: whether it holds values. */
  const lists: boolean[] = [];
  tokens.forEach((token, i) => {
    if (token.text === '(') lists.push(isList(tokens, i, lists.at(-1) ?? false));
    else if (token.text === ')') lists.pop();
    if (token.kind !== 'name' || !quotes.includes(token.text.charAt(0))) return;
    if (tokens[i + 1]?.text === '.' || tokens[i - 1]?.text === '.') return;
    if (lists.at(-1) === true || isValueDue(tokens, i) || !mayBeShown(tokens, i)) {
      tokens[i] = asValue(token);
    }
  });
}

function isList(tokens: readonly Token[], at: number, isWithinList: boolean): boolean {
  if (QUERIES.has(tokens[at + 1]?.upper ?? '')) return false;
  const before = tokens[at - 1];
  const { upper = '', text = '' } = before ?? {};
  const isCall =
    (upper !== '' && !KEYWORDS.has(upper) && !CLAUSES.has(upper)) || FUNCTIONS.has(upper);
  if (isCall) return !isIntoTable(tokens, at - 1);
  return BEFORE_VALUES.has(upper) || text === ',' || (isWithinList && !CLAUSES.has(upper));
}

/** `INSERT INTO main.t (`: columns follow. */
function isIntoTable(tokens: readonly Token[], at: number): boolean {
  let first = at;
  while (tokens[first - 1]?.text === '.') first -= 2;
  return tokens[first - 1]?.upper === 'INTO';
}

function isValueDue(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  const upper = (back: number): string => tokens[at - back]?.upper ?? '';
  if (upper(1) === 'AND' && upper(3) === 'BETWEEN') return true;
  if (upper(1) === 'NOT' && upper(2) === 'IS') return true;
  if (upper(1) === 'FROM' && upper(2) === 'DISTINCT') return true;
  return BEFORE_VALUE.test(before?.upper || before?.text || '');
}

function mayBeShown(tokens: readonly Token[], at: number): boolean {
  return COLUMN.test(tokens[at]!.text) || BEFORE_TABLE.has(tokens[at - 1]?.upper ?? '');
}
