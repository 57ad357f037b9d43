/** Puts together what the public API talks to, on this thread. Loads nothing, and starts nothing. */
import type { MarkedEvent } from '../shared/worker-protocol.js';
import { type AgentPort, type MetricAttributes, offerPort } from './agent-port.js';
import { nowMs, wallTimeMs } from './clock.js';
import { guardedCall } from './guarded.js';
import { Operations } from './operations.js';
import { createOwnMetrics, type MetricSink } from './own-metrics.js';
import type { ProbeHost } from './probe.js';
import { traceIdsOf } from './trace-context.js';
import type { TraceKeeper } from './trace-keeper.js';
import type { LimitsOfOperation } from './trace-limits.js';

const EVENT_ATTRIBUTES_MAX = 16;
const TEXT_LENGTH_MAX = 256;

/** `sendEvent` gives an event to the agent's worker. */
export function startPort(
  host: ProbeHost,
  traces: TraceKeeper,
  limitsOf: LimitsOfOperation,
  sendEvent: (event: MarkedEvent) => void,
): void {
  const { warn, recorder, context } = host;
  const operations = new Operations(host, traces, limitsOf);
  let metrics: MetricSink | undefined;
  const port: AgentPort = {
    measure: (name, module, fn) => operations.measure(String(name), module, fn),
    startTimer: (name, module) => operations.startTimer(String(name), module),
    record: guardedCall('metric', warn, (instrument, value, attributes) => {
      metrics ??= createOwnMetrics(recorder, warn);
      metrics.record(instrument, value, attributes);
    }),
    event: guardedCall('event', warn, (name: string, attributes: MetricAttributes) =>
      sendEvent({
        timeMs: Math.round(wallTimeMs(nowMs())),
        name: cut(name),
        attributes: Object.entries(attributes)
          .slice(0, EVENT_ATTRIBUTES_MAX)
          .map(([key, value]): [string, string] => [cut(key), cut(value)]),
      }),
    ),
    currentTraceId() {
      context.follow();
      const unit = context.followed();
      return unit === undefined ? undefined : traceIdsOf(unit).traceId;
    },
  };
  offerPort(port);
}

function cut(text: unknown): string {
  return String(text).slice(0, TEXT_LENGTH_MAX);
}
