/** `tachograph advise`: looks at a database and prints which indexes its statements would gain from. */
import { parseArgs } from 'node:util';
import type { AdviceReport } from '../advisor/advice.js';
import { advise, LIMIT_DEFAULT, ROWS_MIN_DEFAULT, systemsOf } from '../advisor/advise.js';
import { AdvisorError } from '../advisor/advisor-error.js';
import { createPace, SYSTEM_CLOCK } from '../advisor/pace.js';
import { STATEMENTS_MAX, type Statement, statementsOfFile } from '../advisor/statements.js';
import type { QueryRow } from '../collector/views/queries.js';
import { readSmallFile } from '../shared/small-file.js';
import { adviceMarkdown } from './advice-markdown.js';
import { renderLocks, seeLocks } from './advise-locks.js';
import {
  collectorUrl,
  createReadingClient,
  isUnanswered,
  URL_DEFAULT,
} from './collector-client.js';
import { EXIT_FAILURE, EXIT_NO_DATA, EXIT_OK, UsageError } from './exit-codes.js';
import { paint } from './paint.js';
import { readDsn } from './read-dsn.js';
import { sinceOf } from './read-since.js';
import { renderAdvice } from './render-advice.js';

const RATE_DEFAULT = 1;
const RATE_MAX = 1000;
const ROWS_MAX = 1e12;
const LOCKS_S_MAX = 86_400;

const HELP = `Usage: tachograph advise --dsn DSN [options]

Plans the costliest statements of a service in its database, and says which indexes they would gain from, which are
not needed, and what keeps one from being used. It reads only: nothing of a statement is executed, nothing is
written, no index is made. Give it a role of its own with SELECT and no other right.

  --dsn DSN             postgres://…, mysql://… or sqlite:FILE [TACHOGRAPH_ADVISE_DSN, …_DSN_FILE]
  --url URL             The collector that knows the statements (default ${URL_DEFAULT})
                        [TACHOGRAPH_COLLECTOR_URL]
  --service NAME        Statements of one service instead of all
  --since TIME          How far back, such as 1h or 7d (default 1d)
  --statements FILE     Statements from a file instead: one a line, or each up to a semicolon
  --limit COUNT         Statements at most, the costliest in all (default ${LIMIT_DEFAULT}, at most ${STATEMENTS_MAX})
  --min-rows COUNT      Only tables with as many rows (default ${ROWS_MIN_DEFAULT})
  --rate COUNT          Plans a second (default ${RATE_DEFAULT}); more is quicker for you and dearer for the database
  --locks SECONDS       Look so long at who waits for a lock instead, once a second: which statement, for which, how long
  --format FORMAT       human, json or md (default human)
  --help                Print this

Without --url and --statements, and where no collector has any, PostgreSQL's pg_stat_statements is read.
Exit code 0: nothing to advise. 1: there is advice. 3: no statements, or the database cannot be looked at.
`;

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      dsn: { type: 'string' },
      url: { type: 'string' },
      service: { type: 'string' },
      since: { type: 'string' },
      statements: { type: 'string' },
      limit: { type: 'string' },
      'min-rows': { type: 'string' },
      rate: { type: 'string' },
      locks: { type: 'string' },
      format: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return EXIT_OK;
  }
  const format = formatOf(values.format);
  const limit = numberOf(values.limit, '--limit', LIMIT_DEFAULT, STATEMENTS_MAX);
  const rowsMin = numberOf(values['min-rows'], '--min-rows', ROWS_MIN_DEFAULT, ROWS_MAX);
  const perSecond = numberOf(values.rate, '--rate', RATE_DEFAULT, RATE_MAX);
  const dsn = readDsn(values.dsn, process.env);
  if (dsn === undefined) throw new UsageError('expected --dsn like postgres://user@host/database.');
  try {
    if (values.locks !== undefined) {
      const seconds = numberOf(values.locks, '--locks', 1, LOCKS_S_MAX);
      return await lookAtLocks(dsn, seconds * 1000, format);
    }
    const statements = await statementsFor(dsn, values, limit);
    const pace = createPace(perSecond, SYSTEM_CLOCK);
    const report = await advise(dsn, { statements, limit, rowsMin, pace, mayTryIndexes: true });
    print(report, format);
    if (report.advice.length > 0) return EXIT_FAILURE;
    return report.plans.length + report.skipped.length > 0 ? EXIT_OK : EXIT_NO_DATA;
  } catch (error) {
    if (!(error instanceof AdvisorError)) throw error;
    process.stderr.write(`tachograph: ${error.message}\n`);
    return EXIT_NO_DATA;
  }
}

async function lookAtLocks(dsn: string, forMs: number, format: string): Promise<number> {
  if (format === 'md') throw new UsageError('expected --format human or json with --locks.');
  const seen = await seeLocks(dsn, forMs);
  process.stdout.write(
    format === 'json' ? `${JSON.stringify(seen)}\n` : renderLocks(seen, paint()),
  );
  return seen.pairs.length > 0 ? EXIT_FAILURE : EXIT_OK;
}

interface Sources {
  readonly url?: string | undefined;
  readonly service?: string | undefined;
  readonly since?: string | undefined;
  readonly statements?: string | undefined;
}

/** From the file, else from the collector. Empty where there is none and none was named. */
async function statementsFor(dsn: string, sources: Sources, limit: number): Promise<Statement[]> {
  const systems = systemsOf(dsn);
  if (sources.statements !== undefined) return readStatements(sources.statements);
  const isNamed = sources.url !== undefined || process.env.TACHOGRAPH_COLLECTOR_URL !== undefined;
  const get = createReadingClient(collectorUrl(sources.url, process.env), process.env);
  try {
    const answer = await get<{ queries: QueryRow[] }>('/v1/queries', {
      from: sinceOf(sources.since ?? '1d'),
      service: sources.service,
      limit: String(Math.max(limit, STATEMENTS_MAX)),
    });
    return (answer?.queries ?? [])
      .filter(({ system }) => systems.some((one) => one === system))
      .map(({ text, total }) => ({ text, totalSeconds: total }));
  } catch (error) {
    if (isNamed || !isUnanswered(error)) throw error;
    return [];
  }
}

function readStatements(path: string): Statement[] {
  let text: string;
  try {
    text = readSmallFile(path);
  } catch (error) {
    throw new UsageError(`cannot read the file of statements: ${(error as Error).message}.`);
  }
  const statements = statementsOfFile(text);
  if (statements.length > 0) return statements;
  throw new UsageError(`expected statements in ${path}, got none.`);
}

function print(report: AdviceReport, format: 'human' | 'json' | 'md'): void {
  const { stdout } = process;
  switch (format) {
    case 'json':
      stdout.write(`${JSON.stringify(report)}\n`);
      break;
    case 'md':
      stdout.write(adviceMarkdown(report));
      break;
    case 'human':
      stdout.write(renderAdvice(report, paint()));
  }
}

/** @throws {UsageError} */
function formatOf(text = 'human'): 'human' | 'json' | 'md' {
  if (text === 'human' || text === 'json' || text === 'md') return text;
  throw new UsageError(`expected --format human, json or md, got ${JSON.stringify(text)}.`);
}

/** @throws {UsageError} */
function numberOf(text: string | undefined, option: string, fallback: number, max: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (Number.isFinite(value) && value > 0 && value <= max) return value;
  throw new UsageError(
    `expected ${option} to be a number up to ${max}, got ${JSON.stringify(text)}.`,
  );
}
