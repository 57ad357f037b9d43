/**
 * Where the functions of the public API find this thread's agent. An application may import another
 * copy of the package than the one that was preloaded, so they meet at a symbol of the registry. The
 * symbol carries a number: a change of this interface is a new one. Any application thread.
 */
import { hideGlobally } from './hidden-global.js';

/** Attributes of a metric or an event: a few values of few kinds each. */
export type MetricAttributes = Readonly<Record<string, string | number | boolean>>;

export type InstrumentKind = 'counter' | 'gauge' | 'histogram';

/** A metric of the application's own. */
export interface Instrument {
  readonly name: string;
  readonly kind: InstrumentKind;
  readonly unit: string;
  readonly decimals: number;
  readonly description: string;
  readonly attributes: readonly string[];
}

/** What the public API asks of an agent. Nothing of it throws, but for what `work` throws. */
export interface AgentPort {
  measure<Result>(name: string, module: string | undefined, work: () => Result): Result;
  /** Returns what ends the timer: a second call does nothing. */
  startTimer(name: string, module: string | undefined): (error?: unknown) => void;
  record(instrument: Instrument, value: number, attributes: MetricAttributes): void;
  event(name: string, attributes: MetricAttributes): void;
  currentTraceId(): string | undefined;
}

const PORT = Symbol.for('tachograph.agent.1');

interface Registry {
  [PORT]?: AgentPort;
}

export function offerPort(port: AgentPort): void {
  hideGlobally(PORT, port);
}

/** The agent of this thread, whichever copy of the package it is from; undefined when none runs. */
export function findPort(): AgentPort | undefined {
  return (globalThis as Registry)[PORT];
}
