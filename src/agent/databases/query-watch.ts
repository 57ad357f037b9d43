/**
 * What drivers tell of their queries: that one is handed over, and that it has ended. Each is counted
 * once, for the unit that handed it over; connections are watched for transactions. Hot path: one
 * small object a query. Nothing here throws.
 */
import { DB_TRANSACTION_DURATION } from '../../shared/database-metrics.js';
import { isOfLock } from '../../shared/lock-errors.js';
import { NO_QUERY } from '../../shared/query-values.js';
import { nowMs } from '../clock.js';
import { guardedCall } from '../guarded.js';
import type { ProbeHost } from '../probe.js';
import { SeriesMap } from '../series-map.js';
import { NO_DETAIL } from '../span-list.js';
import { errorTypeOf } from '../timed-call.js';
import type { BegunCall } from '../work.js';
import { queryBegan, queryEnded } from './leak-watch.js';
import type { TransactionStep } from './statement-kind.js';
import { type Statement, type Statements, statementsOf } from './statements.js';
import { hashOfValues } from './values-hash.js';

/** A query that runs. Its connection has to be known when it ends. */
export interface QueryCall extends BegunCall {
  sql: string;
  statement: Statement;
  connection: object;
  /** What it was called with: src/shared/query-values.ts. */
  values: number;
  /** Where it is made is wanted, and was not to be seen. */
  readonly isLost: boolean;
  isOpen: boolean;
  /** A COMMIT to which the server answers that it has rolled back. */
  isUndone: boolean;
}

/** A transaction that was open for longer may have waited for something that is no query. */
const OPEN_LONG_MS = 20;

/** On a connection: when its transaction began. Not to be seen by whoever prints one. */
const BEGAN = Symbol('tachograph.transaction');

interface Connection {
  [BEGAN]?: number | undefined;
}

export class QueryWatch {
  readonly #host: ProbeHost;
  readonly #system: string;
  readonly #statements: Statements;
  readonly #transactions: SeriesMap;
  readonly #typeOf: (error: unknown) => string | undefined;
  /**
   * Undefined when `sql` is no text: the driver will say what it thinks of it. `values`: what the query is called
   * with, as ./values-hash.ts takes it.
   */
  readonly begin: (sql: unknown, connection: object, values: unknown) => QueryCall | undefined;
  /** Ends a call, once. `rows`: how many came back or were changed, or NO_DETAIL. */
  readonly end: (call: QueryCall, error: unknown, rows?: number) => void;

  /** `typeOf` says what kind of error it was. */
  constructor(host: ProbeHost, system: string, typeOf: typeof errorTypeOf = errorTypeOf) {
    const { recorder, warn } = host;
    this.#host = host;
    this.#system = system;
    this.#typeOf = typeOf;
    this.#statements = statementsOf(host, system);
    this.#transactions = new SeriesMap(recorder, DB_TRANSACTION_DURATION);
    this.begin = guardedCall(`${system} query`, warn, this.#begin.bind(this));
    this.end = guardedCall(`end of ${system} query`, warn, this.#end.bind(this));
  }

  /** What a call asks, and with what, that had no text yet when it began. */
  tellText(call: QueryCall, sql: string, values: unknown): void {
    call.sql = sql;
    call.statement = this.#statements.of(sql);
    if (call.unit !== undefined) call.values = valuesOf(call.statement, values);
  }

  #begin(sql: unknown, connection: object, values: unknown): QueryCall | undefined {
    if (typeof sql !== 'string') return undefined;
    const startMs = nowMs();
    const { work, places } = this.#host;
    queryBegan(connection, startMs);
    const statement = this.#statements.of(sql);
    const unit = work.beginQuery(startMs);
    const span = work.begin(unit, statement.series, startMs);
    return {
      sql,
      statement,
      connection,
      unit,
      startMs,
      span,
      values: unit === undefined ? NO_QUERY : valuesOf(statement, values),
      isLost: places.isAnyWanted && places.meet(unit, statement.series),
      isOpen: true,
      isUndone: false,
    };
  }

  #end(call: QueryCall, error: unknown, rows: number = NO_DETAIL): void {
    if (!call.isOpen) return;
    call.isOpen = false;
    const { statement, sql } = call;
    const { step } = statement;
    let endMs = call.startMs;
    let errorType: string | undefined;
    try {
      if (call.isLost) this.#host.places.meetLate(call.unit, statement.series);
      errorType = this.#typeOf(error);
      const series =
        errorType === undefined
          ? statement.series
          : this.#statements.failed(statement, sql, errorType);
      endMs = this.#host.work.endQuery(call, series, rows, call.values);
      if (errorType !== undefined && isOfLock(errorType)) markNotable(call);
      if (step !== undefined && step !== 'listen') this.#step(step, call, errorType);
    } finally {
      // Who listens goes on with it: a connection that is kept for that is not lost.
      if (step !== 'listen' || errorType !== undefined) queryEnded(call.connection, endMs);
    }
  }

  #step(step: TransactionStep, call: QueryCall, errorType: string | undefined): void {
    const { startMs, isUndone } = call;
    const carrier = call.connection as Connection;
    if (step === 'begin') {
      if (errorType === undefined) setBegan(carrier, startMs);
      return;
    }
    const beganMs = carrier[BEGAN];
    // A COMMIT that fails leaves no transaction, as far as is known.
    if (beganMs === undefined) return;
    setBegan(carrier, undefined);
    const outcome = errorType !== undefined ? 'error' : isUndone ? 'rollback' : step;
    const series = this.#transactions.id(outcome, () => [this.#system, outcome]);
    const durationMs = nowMs() - beganMs;
    this.#host.recorder.record(series, Math.round(durationMs * 1000));
    if (durationMs > OPEN_LONG_MS) markNotable(call);
  }
}

function valuesOf({ literals, literalCount }: Statement, values: unknown): number {
  return hashOfValues(literals, values, literalCount);
}

function markNotable({ unit }: QueryCall): void {
  if (unit?.isDone === false) unit.isNotable = true;
}

function setBegan(carrier: Connection, beganMs: number | undefined): void {
  if (BEGAN in carrier) carrier[BEGAN] = beganMs;
  else if (beganMs !== undefined) {
    Object.defineProperty(carrier, BEGAN, { value: beganMs, writable: true, enumerable: false });
  }
}
