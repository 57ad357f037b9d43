/**
 * How long transactions of MongoDB last: from the first command of a session's transaction to its commit or
 * abort. Sessions are held weakly. Hot path.
 */
import { DB_TRANSACTION_DURATION } from '../../shared/database-metrics.js';
import { nowMs } from '../clock.js';
import type { ProbeHost } from '../probe.js';
import { SeriesMap } from '../series-map.js';

interface Session {
  readonly transaction?: { readonly isStarting?: boolean };
}

const OUTCOMES: Readonly<Record<string, string>> = {
  commitTransaction: 'commit',
  abortTransaction: 'rollback',
};

export class MongoTransactions {
  readonly #host: ProbeHost;
  readonly #series: SeriesMap;
  readonly #began = new WeakMap<object, number>();

  constructor(host: ProbeHost) {
    this.#host = host;
    this.#series = new SeriesMap(host.recorder, DB_TRANSACTION_DURATION);
  }

  /** A command of `session` is sent. */
  begin(session: Session | undefined, startMs: number): void {
    if (session?.transaction?.isStarting === true) this.#began.set(session, startMs);
  }

  /** The command `name` of `session` has ended. One that fails to end a transaction leaves none, as far as is known. */
  end(session: object | undefined, name: string, errorType: string | undefined): void {
    const ending = OUTCOMES[name];
    const beganMs = session && this.#began.get(session);
    if (session === undefined || ending === undefined || beganMs === undefined) return;
    this.#began.delete(session);
    const outcome = errorType === undefined ? ending : 'error';
    const series = this.#series.id(outcome, () => ['mongodb', outcome]);
    this.#host.recorder.record(series, Math.round((nowMs() - beganMs) * 1000));
  }
}
