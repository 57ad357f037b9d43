/**
 * Of a statement: its verb, its first table, and the class by which its budget is chosen. Runs in the
 * agent's worker.
 */
import type { Token } from './token.js';

export type QueryClass =
  | 'simple'
  | 'complex'
  | 'write'
  | 'commit'
  | 'transaction'
  | 'ddl'
  | 'other';

export interface Classified {
  /** In capitals; undefined when the text begins with none. */
  readonly verb: string | undefined;
  readonly table: string | undefined;
  readonly queryClass: QueryClass;
}

const CLASS_OF_VERB: Readonly<Record<string, QueryClass>> = {
  ...each('INSERT UPDATE DELETE MERGE REPLACE UPSERT COPY LOAD', 'write'),
  ...each('COMMIT END', 'commit'),
  ...each('BEGIN START ROLLBACK ABORT SAVEPOINT RELEASE', 'transaction'),
  ...each('CREATE ALTER DROP TRUNCATE RENAME COMMENT GRANT REVOKE REINDEX', 'ddl'),
  ...each('SELECT TABLE VALUES', 'simple'),
};
/** Statements of no class of their own; whatever else begins a text is no verb. */
const OTHER_VERBS: ReadonlySet<string> = new Set(
  `ANALYZE ATTACH CALL CHECKPOINT CLOSE DEALLOCATE DECLARE DESCRIBE DETACH DISCARD DO EXEC EXECUTE EXPLAIN FETCH
  FLUSH KILL LISTEN LOCK NOTIFY OPTIMIZE PRAGMA PREPARE RESET SET SHOW UNLISTEN UNLOCK USE VACUUM WITH`.split(
    /\s+/,
  ),
);
/** Of a SELECT that has one of these the work is not that of finding a row. */
const COMPLEX_WORDS: ReadonlySet<string> = new Set(
  'JOIN GROUP HAVING UNION INTERSECT EXCEPT MINUS OVER WINDOW WITH APPLY'.split(' '),
);
const AGGREGATES =
  /^(?:COUNT|SUM|AVG|MIN|MAX|TOTAL|STD\w*|VAR\w*|BIT_(?:AND|OR|XOR)|BOOL_(?:AND|OR)|EVERY|PERCENTILE_\w+|GROUP_CONCAT|\w+_(?:AGG|GROUP_ARRAY|GROUP_OBJECT|ARRAYAGG|OBJECTAGG))$/;
const MAIN_VERBS: ReadonlySet<string> = new Set(
  'SELECT INSERT UPDATE DELETE MERGE REPLACE'.split(' '),
);
const BEFORE_TABLE: ReadonlySet<string> = new Set('FROM INTO UPDATE TABLE JOIN'.split(' '));
const BETWEEN: ReadonlySet<string> = new Set(
  'ONLY IF NOT EXISTS LATERAL IGNORE LOW_PRIORITY OR ABORT FAIL REPLACE ROLLBACK TABLE'.split(' '),
);
/** FOR UPDATE, ON UPDATE, DO UPDATE, KEY UPDATE, IS DISTINCT FROM. */
const NOT_BEFORE: ReadonlySet<string> = new Set('FOR ON DO KEY DISTINCT'.split(' '));
/** Functions with a FROM of their own. */
const WITH_FROM: ReadonlySet<string> = new Set(
  'EXTRACT SUBSTRING TRIM OVERLAY POSITION'.split(' '),
);
const TABLE_LENGTH_MAX = 128;

export function classify(tokens: readonly Token[]): Classified {
  const verb = verbOf(tokens) ?? '';
  const isClassed = Object.hasOwn(CLASS_OF_VERB, verb);
  const queryClass = isClassed ? CLASS_OF_VERB[verb]! : 'other';
  return {
    verb: isClassed || OTHER_VERBS.has(verb) ? verb : undefined,
    table: tableOf(tokens),
    queryClass: queryClass === 'simple' && isComplex(tokens) ? 'complex' : queryClass,
  };
}

function each(verbs: string, queryClass: QueryClass): Record<string, QueryClass> {
  return Object.fromEntries(verbs.split(' ').map((verb) => [verb, queryClass]));
}

/** The first word; of WITH the verb that its tables are for. */
function verbOf(tokens: readonly Token[]): string | undefined {
  const first = tokens.find(({ text }) => text !== '(');
  if (first?.kind !== 'word') return undefined;
  if (first.upper !== 'WITH') return first.upper;
  let depth = 0;
  for (const { text, upper } of tokens) {
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    else if (depth === 0 && MAIN_VERBS.has(upper)) return upper;
  }
  return first.upper;
}

function isComplex(tokens: readonly Token[]): boolean {
  let selects = 0;
  let isFrom = false;
  return tokens.some(({ upper, text }, i) => {
    if (upper === 'SELECT') selects += 1;
    if (upper === 'FROM') isFrom = true;
    else if (/^(?:WHERE|ORDER|LIMIT|FOR|OFFSET|FETCH)$/.test(upper)) isFrom = false;
    const isJoin = isFrom && text === ',';
    const isAggregate = tokens[i + 1]?.text === '(' && AGGREGATES.test(upper);
    return selects > 1 || isJoin || isAggregate || COMPLEX_WORDS.has(upper);
  });
}

function tableOf(tokens: readonly Token[]): string | undefined {
  const callers: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const { text, upper } = tokens[i]!;
    if (text === '(') callers.push(tokens[i - 1]?.upper ?? '');
    else if (text === ')') callers.pop();
    // COPY t FROM stdin: that is no table.
    const isBefore = BEFORE_TABLE.has(upper) || (upper === 'COPY' && i === 0);
    if (!isBefore || NOT_BEFORE.has(tokens[i - 1]?.upper ?? '')) continue;
    if (WITH_FROM.has(callers.at(-1) ?? '')) continue;
    const table = nameAt(tokens, i + 1);
    if (table !== undefined) return table;
  }
  return undefined;
}

/** `schema.table` from `start` on, without quotes. */
function nameAt(tokens: readonly Token[], start: number): string | undefined {
  let at = start;
  while (tokens[at] !== undefined && BETWEEN.has(tokens[at]!.upper)) at += 1;
  let name = '';
  for (; isName(tokens[at]); at += 2) {
    name += name === '' ? '' : '.';
    name += withoutQuotes(tokens[at]!);
    if (tokens[at + 1]?.text !== '.') break;
  }
  return name === '' ? undefined : name.slice(0, TABLE_LENGTH_MAX);
}

const isName = (token: Token | undefined): boolean =>
  token?.kind === 'word' || token?.kind === 'name';

function withoutQuotes({ kind, text }: Token): string {
  return kind === 'name' ? text.slice(1, -1) : text;
}
