/**
 * The series of statements, of one database system on one thread. A known text costs one look-up; an
 * unknown one a hash that passes over values, so that SQL with values in it is not new each time. What
 * is new is defined with the statement itself, which the agent's worker makes canonical before
 * anything leaves it. Bounded in number, in bytes and in definitions a second; what is past a limit
 * goes to `(other)` by verb and class. Hot path.
 */
import { DB_CLIENT_OPERATION_DURATION } from '../../shared/database-metrics.js';
import { OTHER } from '../../shared/metric.js';
import {
  STATEMENT_BYTES,
  STATEMENT_LENGTH_MAX,
  STATEMENT_SYSTEMS_MAX,
} from '../../shared/ring-layout.js';
import { nowMs } from '../clock.js';
import type { ProbeHost } from '../probe.js';
import type { Recorder } from '../recorder.js';
import { SeriesMap } from '../series-map.js';
import { statementHash } from './statement-hash.js';
import { type ConnectionStep, kindOf, type StatementKind } from './statement-kind.js';

/** Series of statements, failed ones included: a quarter of all by default. */
const STATEMENTS_MAX = 500;
const TEXTS_MAX = 1000;
const DEFINED_PER_SECOND = 20;
const DEFINED_AT_ONCE = 200;
/** Of a definition besides the statement. */
const DEFINITION_BYTES = 256;

export interface Statement {
  readonly series: number;
  readonly step: ConnectionStep | undefined;
  /** A hash of the values that are written into its text; undefined when not all of it was looked at. */
  readonly literals: number | undefined;
  /** How many those are. */
  readonly literalCount: number;
}

const all = new WeakMap<ProbeHost, Map<string, Statements>>();

/** Those of `system`, which several drivers share. */
export function statementsOf(host: ProbeHost, system: string): Statements {
  const bySystem = all.get(host) ?? new Map<string, Statements>();
  all.set(host, bySystem);
  const known = bySystem.get(system);
  if (known !== undefined) return known;
  const roomBytes = bySystem.size < STATEMENT_SYSTEMS_MAX ? STATEMENT_BYTES : 0;
  const statements = new Statements(host.recorder, system, roomBytes);
  bySystem.set(system, statements);
  return statements;
}

export class Statements {
  readonly #recorder: Recorder;
  readonly #system: string;
  readonly #isMysql: boolean;
  readonly #byText = new Map<string, Statement>();
  readonly #byHash = new Map<number, Statement>();
  /** Where `statementHash` puts its other results. */
  readonly #literals = new Int32Array(2);
  /** By series and error. */
  readonly #failed = new Map<string, number>();
  readonly #others: SeriesMap;
  #roomBytes: number;
  #tokens = DEFINED_AT_ONCE;
  #refilledMs = 0;

  constructor(recorder: Recorder, system: string, roomBytes: number) {
    this.#recorder = recorder;
    this.#system = system;
    this.#isMysql = system === 'mysql';
    this.#others = new SeriesMap(recorder, DB_CLIENT_OPERATION_DURATION);
    this.#roomBytes = roomBytes;
  }

  of(sql: string): Statement {
    return this.#byText.get(sql) ?? this.#unknown(sql);
  }

  /** The series of `statement`, which is `sql`, when it fails. */
  failed(statement: Statement, sql: string, errorType: string): number {
    const key = `${statement.series} ${errorType}`;
    const known = this.#failed.get(key);
    if (known !== undefined) return known;
    const series = this.#define(sql, errorType);
    if (series === undefined) return this.#other(kindOf(sql), errorType);
    this.#failed.set(key, series);
    return series;
  }

  #unknown(sql: string): Statement {
    const hash = statementHash(sql, this.#isMysql, STATEMENT_LENGTH_MAX, this.#literals);
    const literals = sql.length > STATEMENT_LENGTH_MAX ? undefined : this.#literals[0]!;
    const literalCount = this.#literals[1]!;
    let statement = this.#byHash.get(hash);
    if (statement === undefined) {
      const kind = kindOf(sql);
      const series = this.#define(sql, undefined);
      // Not kept: there may be room for it the next time.
      if (series === undefined) {
        return { series: this.#other(kind, undefined), step: kind.step, literals, literalCount };
      }
      statement = { series, step: kind.step, literals, literalCount };
      this.#byHash.set(hash, statement);
    } else if (statement.literals !== literals) {
      statement = { ...statement, literals, literalCount };
    }
    if (sql.length <= STATEMENT_LENGTH_MAX) {
      if (this.#byText.size >= TEXTS_MAX) this.#byText.clear();
      this.#byText.set(sql, statement);
    }
    return statement;
  }

  /** Undefined when a limit is reached. */
  #define(sql: string, errorType: string | undefined): number | undefined {
    if (this.#byHash.size + this.#failed.size >= STATEMENTS_MAX) return undefined;
    const text = sql.slice(0, STATEMENT_LENGTH_MAX);
    const bytes = Buffer.byteLength(JSON.stringify(text)) + DEFINITION_BYTES;
    if (bytes > this.#roomBytes || !this.#takeToken()) return undefined;
    this.#roomBytes -= bytes;
    const values = [this.#system, undefined, undefined, undefined, text, errorType];
    return this.#recorder.series(DB_CLIENT_OPERATION_DURATION, values);
  }

  #other({ verb, queryClass }: StatementKind, errorType: string | undefined): number {
    return this.#others.id(`${verb} ${queryClass} ${errorType}`, () => [
      this.#system,
      verb,
      undefined,
      queryClass,
      OTHER,
      errorType,
    ]);
  }

  #takeToken(): boolean {
    const atMs = nowMs();
    const gained = ((atMs - this.#refilledMs) / 1000) * DEFINED_PER_SECOND;
    this.#tokens = Math.min(DEFINED_AT_ONCE, this.#tokens + gained);
    this.#refilledMs = atMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
