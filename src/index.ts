/**
 * The package's main entry, for two callers that cannot be told apart by how they load it:
 *
 * - `node --import tachograph app.js` must start the agent;
 * - `import … from 'tachograph'` in an application must start nothing, and gives it the functions below.
 *
 * So the agent starts only when this process was told to preload the bare package name, which
 * stands in its own flags or in NODE_OPTIONS. `tachograph/register` always starts it. The functions work
 * with whatever agent runs in this thread, and where none does they only call what they were given.
 */
import { startAgent } from './agent/agent.js';
import {
  findPort,
  type Instrument,
  type InstrumentKind,
  type MetricAttributes,
} from './agent/agent-port.js';
import { isPreloaded, pinPreload } from './agent/preload-flags.js';

export type { MetricAttributes } from './agent/agent-port.js';

if (isPreloaded(process.execArgv, process.env.NODE_OPTIONS)) {
  start();
  pinPreload(() => new URL('./register.js', import.meta.url).href);
}

/**
 * Starts the agent in this thread, for programs that cannot be started with a flag. What was loaded
 * before is not instrumented; a second call does nothing; it never throws.
 */
export function start(): void {
  startAgent();
}

export interface OperationOptions {
  /** The part of the business that it belongs to; names of the ERP preset know theirs. */
  readonly module?: string;
}

/**
 * Measures one business operation: the time until `work` returns, throws, or the promise that it returns
 * is settled. Returns, throws and rejects exactly as `work` does. Names are few and fixed: an id in one
 * makes a series of each.
 *
 * Within a request or another operation it is a span of that; outside it counts its own database
 * queries, and its trace is kept when it is slow or fails. Work that only begins when somebody awaits it
 * (a query builder) ends at once, as does every promise of a subclass or with properties of its own: await
 * it within `work`.
 */
export function measure<Result>(name: string, work: () => Result): Result;
export function measure<Result>(
  name: string,
  options: OperationOptions,
  work: () => Result,
): Result;
export function measure<Result>(
  name: string,
  second: OperationOptions | (() => Result),
  third?: () => Result,
): Result {
  const [options, work] = typeof second === 'function' ? [{}, second] : [second, third];
  if (typeof work !== 'function') {
    throw new TypeError(`measure: expected a function to measure, got ${typeof work}.`);
  }
  const port = findPort();
  return port === undefined ? work() : port.measure(name, options?.module, work);
}

export interface Timer {
  /** Ends the operation; with what went wrong, if something did. A second call does nothing. */
  end(error?: unknown): void;
}

/** An operation whose end is somewhere else than its beginning. One that is never ended is not recorded. */
export function startTimer(name: string, options: OperationOptions = {}): Timer {
  const end = findPort()?.startTimer(name, options.module);
  return { end: (error) => end?.(error) };
}

export interface MetricOptions {
  /** In UCUM, as OpenTelemetry writes it: `s`, `By`, `{order}`. Default: `{count}`. */
  readonly unit?: string;
  /** Digits kept after the point, 0 to 6. Default: 6 for seconds, else 0. */
  readonly decimals?: number;
  readonly description?: string;
  /** Names of the attributes that values may have, 8 at most; others are left out. */
  readonly attributes?: readonly string[];
}

export interface Counter {
  /** Adds `amount`, which is not negative and by default 1. */
  add(amount?: number, attributes?: MetricAttributes): void;
}

export interface Gauge {
  /** The state now, which is not negative. */
  set(value: number, attributes?: MetricAttributes): void;
}

export interface Histogram {
  /** One more value, which is not negative, in the metric's unit. */
  record(value: number, attributes?: MetricAttributes): void;
}

/**
 * A sum of what happened. To be made once and kept. The first definition of a name in a thread counts;
 * a metric that cannot be recorded (see docs/reference/javascript-api.md) is a warning, never an error.
 */
export function counter(name: string, options: MetricOptions = {}): Counter {
  const record = recordOf('counter', name, options);
  return { add: (amount = 1, attributes = {}) => record(amount, attributes) };
}

/** The state of something, sampled by whoever sets it. As `counter` otherwise. */
export function gauge(name: string, options: MetricOptions = {}): Gauge {
  const record = recordOf('gauge', name, options);
  return { set: (value, attributes = {}) => record(value, attributes) };
}

/** A distribution, of which percentiles are kept. As `counter` otherwise. */
export function histogram(name: string, options: MetricOptions = {}): Histogram {
  const record = recordOf('histogram', name, options);
  return { record: (value, attributes = {}) => record(value, attributes) };
}

/**
 * Marks a moment that explains what numbers do from then on: a deployment, an import, a switch. At most
 * 16 attributes, each cut at 256 characters; what they say leaves the process.
 */
export function event(name: string, attributes: MetricAttributes = {}): void {
  findPort()?.event(name, attributes);
}

/**
 * The W3C trace id of the request or operation that runs now, 32 hexadecimal digits, for log lines.
 * Undefined outside of them, without an agent, and with TACHOGRAPH_CONTEXT=off.
 */
export function currentTraceId(): string | undefined {
  return findPort()?.currentTraceId();
}

function recordOf(
  kind: InstrumentKind,
  name: string,
  {
    unit = '{count}',
    decimals = unit === 's' ? 6 : 0,
    description = '',
    attributes = [],
  }: MetricOptions,
): (value: number, attributes: MetricAttributes) => void {
  const instrument: Instrument = { name, kind, unit, decimals, description, attributes };
  return (value, given) => findPort()?.record(instrument, value, given);
}
