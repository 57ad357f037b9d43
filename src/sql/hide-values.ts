/**
 * What the lexer alone cannot tell to be a value: NULL and booleans, names that are made up for one
 * call (savepoints, cursors, prepared statements, channels), settings, and who one acts as. Runs in the agent's worker.
 */
import type { Dialect } from './dialect.js';
import { hideStrings } from './hide-strings.js';
import { asValue, type Token } from './token.js';

const CONSTANTS: ReadonlySet<string> = new Set(['NULL', 'TRUE', 'FALSE', 'UNKNOWN']);
/** Before these a constant is a part of the statement: IS NULL, NOT NULL, ON DELETE SET NULL. */
const BEFORE_CONSTANT: ReadonlySet<string> = new Set(['IS', 'NOT', 'SET']);
/** Statements that go on with a name of one call, and words that may stand between. */
const NAMING: ReadonlySet<string> = new Set(
  'SAVEPOINT RELEASE EXECUTE DEALLOCATE CLOSE DECLARE PREPARE LISTEN UNLISTEN NOTIFY'.split(' '),
);
const BETWEEN: ReadonlySet<string> = new Set('SAVEPOINT PREPARE TO WORK TRANSACTION'.split(' '));

/** `mayHoldStrings`: a quoted name may have been meant as a string, whatever the dialect says. */
export function hideValues(
  tokens: readonly Token[],
  dialect: Dialect,
  mayHoldStrings: boolean,
): Token[] {
  const shown = tokens.slice();
  while (shown.at(-1)?.text === ';') shown.pop();
  shown.forEach((token, i) => {
    if (!CONSTANTS.has(token.upper)) return;
    if (!BEFORE_CONSTANT.has(shown[i - 1]?.upper ?? '')) shown[i] = asValue(token);
  });
  if (mayHoldStrings) hideStrings(shown, '"`');
  else if (dialect.doubleQuoted === 'either') hideStrings(shown, '"');
  return statementsIn(shown).flatMap((statement) => hideSettings(hideNames(statement)));
}

/** Each of a text of several by itself, and each semicolon between. */
function statementsIn(tokens: readonly Token[]): Token[][] {
  const found: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.text === ';') found.push([token], []);
    else found.at(-1)!.push(token);
  }
  return found;
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

/** `SET name = …`, `SET ROLE …`, `PRAGMA name = …` and `EXEC name …` take bare words as values. */
function hideSettings(tokens: Token[]): Token[] {
  const verb = tokens[0]?.upper ?? '';
  if (verb === 'SET' || verb === 'PRAGMA') {
    const at = tokens.findIndex(
      ({ upper, text }) => text === '=' || text === '(' || upper === 'TO',
    );
    const isTransaction = tokens.some(({ upper }) => upper === 'TRANSACTION');
    if (at > 0 && !isTransaction) return [...tokens.slice(0, at), EQUALS, asValue(tokens[at]!)];
    const who = tokens.findIndex(({ upper }) => upper === 'ROLE' || upper === 'AUTHORIZATION') + 1;
    const named = tokens[who];
    if (who > 0 && named !== undefined) return [...tokens.slice(0, who), asValue(named)];
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
