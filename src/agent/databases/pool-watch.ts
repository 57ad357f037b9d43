/**
 * Pools of connections: how long it takes to have one; and, at each sampling, how many there are by state
 * and who waits. Pools are held weakly, so that one the application lets go is gone; at most 64 are
 * looked at. Pools of one name are one.
 */
import {
  DB_CLIENT_CONNECTION_COUNT,
  DB_CLIENT_CONNECTION_MAX,
  DB_CLIENT_CONNECTION_PENDING_REQUESTS,
  DB_CLIENT_CONNECTION_WAIT_TIME,
} from '../../shared/database-metrics.js';
import type { StackFrame } from '../../shared/worker-protocol.js';
import { nowMs } from '../clock.js';
import { LabelSeries } from '../label-series.js';
import type { ProbeHost } from '../probe.js';
import { NO_DETAIL } from '../span-list.js';
import { errorTypeOf, timeMethod } from '../timed-call.js';
import type { Unit } from '../unit.js';
import type { BegunCall } from '../work.js';

const POOLS_MAX = 64;

export interface PoolState {
  readonly used: number;
  readonly idle: number;
  readonly pending: number;
  readonly max: number;
  /** It was closed by the application: whatever its lists still hold counts no more. */
  readonly isEnded?: boolean | undefined;
}

/** The connections of a pool: all, and those that nobody has. */
export interface PoolMembers {
  readonly all: Iterable<object>;
  readonly idle: ReadonlySet<object>;
}

export class PoolWatch<Pool extends object> {
  readonly #host: ProbeHost;
  readonly #nameOf: (pool: Pool) => string;
  readonly #stateOf: (pool: Pool) => PoolState;
  readonly #membersOf: ((pool: Pool) => PoolMembers) | undefined;
  readonly #names = new WeakMap<Pool, string>();
  readonly #waits: LabelSeries;
  readonly #sampler: PoolSampler;

  /** `membersOf`: where it is known which connections are out, those that are not given back are told. */
  constructor(
    host: ProbeHost,
    nameOf: (pool: Pool) => string,
    stateOf: (pool: Pool) => PoolState,
    membersOf?: (pool: Pool) => PoolMembers,
  ) {
    this.#host = host;
    this.#nameOf = nameOf;
    this.#stateOf = stateOf;
    this.#membersOf = membersOf;
    this.#waits = new LabelSeries(host.recorder, DB_CLIENT_CONNECTION_WAIT_TIME);
    this.#sampler = samplerOf(host);
  }

  /**
   * Times `method` of a pool's prototype, by which a connection is taken. `library` is for a warning; `takesForQuery`
   * tells that the pool itself takes one: it always gives back, and would spend the stacks of those who do not.
   */
  timeAcquisition(
    prototype: object | undefined,
    method: string,
    library: string,
    takesForQuery: (pool: object) => boolean = () => false,
  ): void {
    timeMethod(prototype, method, this.#host, {
      name: library,
      takesCallback: true,
      seriesOf: (self) => this.#seriesOf(self as Pool),
      noteOf: (self) =>
        this.#membersOf === undefined || takesForQuery(self as Pool)
          ? undefined
          : this.#host.leaks.placeOf(self as Pool),
      onEnd: (call) => {
        this.waited(call.self as Pool, call, call.error);
        if (this.#membersOf === undefined || call.error !== undefined) return;
        const frames = call.note as readonly StackFrame[] | undefined;
        this.#host.leaks.taken(call.result, call.unit, frames);
      },
    });
  }

  /** `unit` begins to wait for a connection of `pool`. */
  begin(pool: Pool, unit: Unit | undefined): BegunCall {
    const startMs = nowMs();
    return { unit, startMs, span: this.#host.work.begin(unit, this.#seriesOf(pool), startMs) };
  }

  /** It has one, or an `error` instead. */
  waited(pool: Pool, call: BegunCall, error: unknown): void {
    this.#host.work.endBegun(call, this.#seriesOf(pool, errorTypeOf(error)), NO_DETAIL);
  }

  /** As `waited`, of a wait that was no span of its own. */
  acquired(pool: Pool, unit: Unit | undefined, startMs: number, error: unknown): void {
    this.#host.work.end(unit, this.#seriesOf(pool, errorTypeOf(error)), startMs);
  }

  #seriesOf(pool: Pool, errorType?: string): number {
    return this.#waits.id(this.#name(pool), errorType);
  }

  /** The name of `pool`, which from now on is sampled. */
  #name(pool: Pool): string {
    const known = this.#names.get(pool);
    if (known !== undefined) return known;
    const name = this.#nameOf(pool);
    this.#names.set(pool, name);
    this.#sampler.add({
      name,
      reference: new WeakRef(pool),
      stateOf: this.#stateOf as Sampled['stateOf'],
      membersOf: this.#membersOf as Sampled['membersOf'],
    });
    return name;
  }
}

interface Sampled {
  readonly name: string;
  readonly reference: WeakRef<object>;
  readonly stateOf: (pool: object) => PoolState;
  readonly membersOf: ((pool: object) => PoolMembers) | undefined;
}

const samplers = new WeakMap<ProbeHost, PoolSampler>();

/** One for all libraries: two of them may have a pool of one name. */
function samplerOf(host: ProbeHost): PoolSampler {
  const sampler = samplers.get(host) ?? new PoolSampler(host);
  samplers.set(host, sampler);
  return sampler;
}

class PoolSampler {
  readonly #host: ProbeHost;
  #pools: Sampled[] = [];

  constructor(host: ProbeHost) {
    this.#host = host;
    host.ticker.onSample(() => this.#sample());
  }

  add(sampled: Sampled): void {
    if (this.#pools.length < POOLS_MAX) this.#pools.push(sampled);
  }

  #sample(): void {
    this.#pools = this.#pools.filter(({ reference }) => reference.deref() !== undefined);
    const states = new Map<string, PoolState>();
    for (const { name, reference, stateOf, membersOf } of this.#pools) {
      const pool = reference.deref();
      if (pool === undefined) continue;
      const state = stateOf(pool);
      if (state.isEnded === true) continue;
      states.set(name, sum(states.get(name), state));
      const members = membersOf?.(pool);
      if (members !== undefined) this.#host.leaks.look(pool, name, members.all, members.idle);
    }
    const { recorder } = this.#host;
    for (const [name, { used, idle, pending, max }] of states) {
      recorder.record(recorder.series(DB_CLIENT_CONNECTION_COUNT, [name, 'used']), used);
      recorder.record(recorder.series(DB_CLIENT_CONNECTION_COUNT, [name, 'idle']), idle);
      recorder.record(recorder.series(DB_CLIENT_CONNECTION_PENDING_REQUESTS, [name]), pending);
      recorder.record(recorder.series(DB_CLIENT_CONNECTION_MAX, [name]), max);
    }
  }
}

/** `host:port/database`, as OpenTelemetry names a pool that has no name. Never credentials. */
export function poolName(host: unknown, port: unknown, database: unknown): string {
  return `${host ?? 'localhost'}:${port ?? ''}/${database ?? ''}`;
}

function sum(before: PoolState | undefined, state: PoolState): PoolState {
  if (before === undefined) return state;
  return {
    used: before.used + state.used,
    idle: before.idle + state.idle,
    pending: before.pending + state.pending,
    max: before.max + state.max,
  };
}
