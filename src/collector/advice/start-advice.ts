/**
 * Looks at a database every hour, with the statements that the collector has received of it, and keeps what it found
 * last. Owns a timer that keeps nothing alive; looks do not overlap; one connection, a plan a second, in the minutes
 * that it takes. Beside it locks are watched by a connection of their own. Without a DSN it is off and says so.
 */
import type { Advice, AdviceReport, QueryPlan } from '../../advisor/advice.js';
import { advise, LIMIT_DEFAULT, ROWS_MIN_DEFAULT, systemsOf } from '../../advisor/advise.js';
import { AdvisorError } from '../../advisor/advisor-error.js';
import { createPace, type PaceClock, SYSTEM_CLOCK } from '../../advisor/pace.js';
import { STATEMENTS_MAX, type Statement } from '../../advisor/statements.js';
import { queriesOf } from '../views/queries.js';
import type { ViewSource } from '../views/view-request.js';
import { adviceFile, type DatedReport } from './advice-file.js';
import { type LockState, type RunningLocks, watchLocks } from './watch-locks.js';

/** `off` also before the first look. */
export interface AdviceAnswer {
  readonly advice: readonly Advice[];
  readonly state: 'off' | 'ok' | 'failed';
  readonly reason: string | null;
  /** When it was found, Unix ms. */
  readonly atMs: number | null;
  /** Whether lock waits are seen; they are findings. */
  readonly locks: LockState;
}

export interface RunningAdvice {
  latest(): AdviceAnswer;
  /** How statements were planned in the last look, by their canonical texts. */
  plans(): ReadonlyMap<string, QueryPlan>;
  readonly locks: RunningLocks;
  /** Stops, and does not wait for what the database is asked just now. */
  close(): Promise<void>;
}

export interface AdviceOptions extends ViewSource {
  readonly dsn: string;
  readonly folder: string;
  readonly log: (line: string) => void;
  readonly everyMs?: number;
  /** From the start to the first look: what is recorded in between is known then. */
  readonly firstMs?: number;
  /** Between looks at who waits for a lock. */
  readonly locksEveryMs?: number;
  readonly clock?: PaceClock;
}

const EVERY_MS = 3_600_000;
const FIRST_MS = 60_000;
const PLANS_PER_SECOND = 1;
const RANGE_MS = 86_400_000;

export function startAdvice(options: AdviceOptions): RunningAdvice {
  const { dsn, folder, log, now, everyMs = EVERY_MS, firstMs = FIRST_MS } = options;
  const file = adviceFile(folder, log);
  let dated = file.read();
  let failure: string | undefined;
  const ending = new AbortController();
  const { signal } = ending;
  let running: Promise<void> | undefined;
  const pace = createPace(PLANS_PER_SECOND, options.clock ?? SYSTEM_CLOCK, signal);
  const paceUntilClosed = async (): Promise<void> => {
    // What sleeps when the end comes is woken by an error.
    if (!signal.aborted) await pace().catch(() => {});
    if (signal.aborted) throw new AdvisorError('the collector ends');
  };
  const look = async (): Promise<void> => {
    try {
      const report = await reportOf(options, dsn, paceUntilClosed, signal);
      dated = { atMs: now(), report };
      failure = undefined;
      file.write(dated);
    } catch (error) {
      if (signal.aborted) return;
      const { message } = error as Error;
      if (message !== failure) log(`tachograph collector: advice: ${message}`);
      failure = message;
    }
  };
  const start = (): void => {
    running ??= look().finally(() => {
      running = undefined;
    });
  };
  const { locksEveryMs } = options;
  const locks = watchLocks({ dsn, now, log, ...(locksEveryMs && { everyMs: locksEveryMs }) });
  const first = setTimeout(start, firstMs).unref();
  const timer = setInterval(start, everyMs).unref();
  return {
    latest: () => ({ ...answerOf(dated, failure), locks: locks.state() }),
    locks,
    plans: () => new Map(dated?.report.plans.map((plan) => [plan.text, plan])),
    async close() {
      ending.abort();
      clearTimeout(first);
      clearInterval(timer);
      await Promise.all([running, locks.close()]);
    },
  };
}

/** What is said where no database was named. */
export const ADVICE_OFF: AdviceAnswer = {
  advice: [],
  state: 'off',
  reason: 'no database was named to look at: tachograph collector --advise-dsn',
  atMs: null,
  locks: { state: 'off', reason: 'no database was named to look at', omitted: 0 },
};

function answerOf(
  dated: DatedReport | undefined,
  failure: string | undefined,
): Omit<AdviceAnswer, 'locks'> {
  const advice = dated?.report.advice ?? [];
  const atMs = dated?.atMs ?? null;
  if (failure !== undefined) return { advice, state: 'failed', reason: failure, atMs };
  if (dated !== undefined) return { advice, state: 'ok', reason: null, atMs };
  return { advice, state: 'off', reason: 'the database was not looked at yet', atMs };
}

async function reportOf(
  source: ViewSource,
  dsn: string,
  pace: () => Promise<void>,
  signal: AbortSignal,
): Promise<AdviceReport> {
  const statements = await statementsOf(source, dsn);
  const options = { limit: LIMIT_DEFAULT, rowsMin: ROWS_MIN_DEFAULT, mayTryIndexes: true };
  return advise(dsn, { statements, pace, signal, ...options });
}

/** Of the last day, those of the database's kind. */
async function statementsOf(source: ViewSource, dsn: string): Promise<Statement[]> {
  const systems = systemsOf(dsn);
  const toMs = source.now();
  const range = { service: undefined, fromMs: toMs - RANGE_MS, toMs, limit: STATEMENTS_MAX };
  const queries = await queriesOf(source, range, 0);
  return queries
    .filter(({ system }) => systems.some((one) => one === system))
    .map(({ text, total }) => ({ text, totalSeconds: total }));
}
