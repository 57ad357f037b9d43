/**
 * What the lexer alone cannot tell to be a value: NULL and booleans, names that are made up for one
 * call (savepoints, cursors, prepared statements), settings, and strings in SQLite that look like
 * names. Runs in the agent's worker.
 */
import type { Dialect } from './dialect.js';
import { type Token, VALUE_TEXT } from './token.js';

const CONSTANTS: ReadonlySet<string> = new Set(['NULL', 'TRUE', 'FALSE', 'UNKNOWN']);
/** Before these a constant is a part of the statement: IS NULL, NOT NULL, ON DELETE SET NULL. */
const BEFORE_CONSTANT: ReadonlySet<string> = new Set(['IS', 'NOT', 'SET']);
/** Statements that go on with a name of one call, and words that may stand between. */
const NAMING: ReadonlySet<string> = new Set(
  'SAVEPOINT RELEASE EXECUTE DEALLOCATE CLOSE DECLARE PREPARE'.split(' '),
);
const BETWEEN: ReadonlySet<string> = new Set('SAVEPOINT PREPARE TO WORK TRANSACTION'.split(' '));
/** After these SQLite looks for a value. */
const BEFORE_VALUE = /^(?:[=<>!+*/%|-]+|LIKE|GLOB|MATCH|BETWEEN|THEN|ELSE|WHEN|LIMIT)$/;
/** Where a parenthesis after one of these holds values. */
const BEFORE_VALUES: ReadonlySet<string> = new Set(['IN', 'VALUES']);

export function hideValues(tokens: readonly Token[], dialect: Dialect): Token[] {
  const shown = tokens.slice();
  while (shown.at(-1)?.text === ';') shown.pop();
  shown.forEach((token, i) => {
    if (!CONSTANTS.has(token.upper)) return;
    if (!BEFORE_CONSTANT.has(shown[i - 1]?.upper ?? '')) shown[i] = asValue(token);
  });
  if (dialect.doubleQuoted === 'either') hideStrings(shown);
  return hideSettings(hideNames(shown));
}

/** "…" is a string in SQLite where no column has that name; where a value is due it may be one. */
function hideStrings(tokens: Token[]): void {
  const lists: boolean[] = [];
  tokens.forEach((token, i) => {
    const before = tokens[i - 1];
    if (token.text === '(') {
      const isList = BEFORE_VALUES.has(before?.upper ?? '') || before?.text === ',';
      lists.push(isList || (lists.at(-1) ?? false));
    } else if (token.text === ')') lists.pop();
    if (token.kind !== 'name' || !token.text.startsWith('"')) return;
    if (tokens[i + 1]?.text === '.' || before?.text === '.') return;
    const isBound = before?.upper === 'AND' && tokens[i - 3]?.upper === 'BETWEEN';
    const isDue = isBound || BEFORE_VALUE.test(before?.upper || before?.text || '');
    if (isDue || lists.at(-1) === true) tokens[i] = asValue(token);
  });
}

function hideNames(tokens: Token[]): Token[] {
  const verb = tokens[0]?.upper ?? '';
  const isRollback = verb === 'ROLLBACK' && tokens.some(({ upper }) => upper === 'TO');
  if (!NAMING.has(verb) && !isRollback) return tokens;
  const at = tokens.findIndex(({ upper }, i) => i > 0 && !BETWEEN.has(upper));
  const named = tokens[at];
  if (named !== undefined && named.kind !== 'symbol') tokens[at] = asValue(named);
  return tokens;
}

/** `SET name = …`, `PRAGMA name = …` and `EXEC name …` take bare words as values. */
function hideSettings(tokens: Token[]): Token[] {
  const verb = tokens[0]?.upper ?? '';
  if (verb === 'SET' || verb === 'PRAGMA') {
    const at = tokens.findIndex(
      ({ upper, text }) => text === '=' || text === '(' || upper === 'TO',
    );
    const isTransaction = tokens.some(({ upper }) => upper === 'TRANSACTION');
    if (at > 0 && !isTransaction) return [...tokens.slice(0, at), EQUALS, asValue(tokens[at]!)];
  }
  if (verb === 'EXEC') {
    const end = tokens.findIndex(
      (token, i) => i > 1 && token.text !== '.' && tokens[i - 1]!.text !== '.',
    );
    if (end > 0) return [...tokens.slice(0, end), asValue(tokens[end]!)];
  }
  return tokens;
}

const EQUALS: Token = { kind: 'symbol', text: '=', upper: '', isSpaced: true };

function asValue(token: Token): Token {
  return { ...token, kind: 'value', text: VALUE_TEXT, upper: '' };
}
