/**
 * Which statements a plan may be asked for: one plain SELECT, or what an UPDATE or DELETE looks up, as such a
 * SELECT. Judged by tokens, of which none is a value; the text that goes to the database is written from
 * them again, so that no string, comment or second statement of the text can reach it. When in doubt: no.
 */
import { described } from '../../sql/described.js';
import { dialectOf } from '../../sql/dialect.js';
import { hideValues } from '../../sql/hide-values.js';
import { lex } from '../../sql/lexer.js';
import type { Token } from '../../sql/token.js';
import type { DatabaseSystem } from '../advice.js';
import { withoutLocks } from './locking-clause.js';
import { selectOfWrite } from './select-of-write.js';

export interface Plannable {
  readonly kind: 'plannable';
  /** Canonical: what people see. */
  readonly text: string;
  /** Of the SELECT. */
  readonly tokens: readonly Token[];
}

export interface Refused {
  readonly kind: 'refused';
  readonly text: string;
  readonly reason: string;
}

/** Longer ones take the planner longer than they are worth. */
const TOKENS_MAX = 4000;
/** Wherever they stand, what is told by them is not a plain SELECT. */
const FORBIDDEN: ReadonlySet<string> = new Set(
  `INSERT UPDATE DELETE MERGE REPLACE INTO COPY CALL DO EXECUTE PREPARE LOCK TRUNCATE CREATE ALTER DROP GRANT REVOKE
  ANALYZE VACUUM EXPLAIN PRAGMA ATTACH HANDLER PROCEDURE OUTFILE DUMPFILE`.split(/\s+/),
);
/** Functions of these names, too, are plain: replace(text, …). */
const ALSO_FUNCTIONS: ReadonlySet<string> = new Set(['REPLACE', 'INSERT', 'TRUNCATE']);
/** Functions that do something, wait, or run a text; a plan of them answers no question about indexes. */
const DOES_SOMETHING =
  /^(?:nextval|setval|set_config|pg_(?:sleep|advisory|try_advisory|terminate|cancel|reload|rotate|read|ls_|stat_file|switch|create|drop|logical|replication|notify|export|promote|start|stop|backup|wal|log_|file_|current_xact)\w*|txid_current|lo_\w+|loread|lowrite|dblink\w*|(?:query|table|cursor|schema|database)_to_xml\w*|hypopg\w*|sleep|benchmark|get_lock|release_\w*locks?|is_(?:free|used)_lock|load_file|last_insert_id|master_\w*wait|source_pos_wait|wait_\w+|load_extension|(?:read|write)file|edit|fts3_tokenizer)$/i;

export function plannable(system: DatabaseSystem, statement: string): Plannable | Refused {
  const { text } = described(system, statement);
  const refused = (reason: string): Refused => ({ kind: 'refused', text, reason });
  const dialect = dialectOf(system);
  if (dialect === undefined) return refused('is no SQL');
  const shown = hideValues(lex(statement, dialect).tokens, dialect, false);
  if (shown.length > TOKENS_MAX) return refused('is too long');
  if (shown.at(-1)?.text === '…') return refused('was recorded without its end: it is too long');
  if (shown.some(({ text }) => text === ';')) return refused('is more than one statement');
  const tokens = selectOfWrite(withoutLocks(shown));
  const verb = tokens[0]?.upper;
  if (verb !== 'SELECT' && verb !== 'WITH') return refused('is no SELECT, UPDATE or DELETE');
  const reason = reasonToRefuse(tokens);
  return reason === undefined ? { kind: 'plannable', text, tokens } : refused(reason);
}

function reasonToRefuse(tokens: readonly Token[]): string | undefined {
  for (const [i, { kind, text, upper }] of tokens.entries()) {
    const isCall = tokens[i + 1]?.text === '(';
    if (text === ':=') return 'assigns a variable';
    if (text.startsWith('@@')) return 'reads a setting';
    if (FORBIDDEN.has(upper) && !(isCall && ALSO_FUNCTIONS.has(upper))) {
      return `is no plain SELECT: ${upper}`;
    }
    const name = kind === 'name' ? text.slice(1, -1) : text;
    if (isCall && DOES_SOMETHING.test(name)) return `calls ${name.toLowerCase()}()`;
  }
  return undefined;
}
