/** A connection that a pool did not get back, as what a unit shows. Pure; runs in the agent's worker. */
import type { ConnectionLeak } from '../../shared/worker-protocol.js';
import type { Attributes } from '../../transport/batch.js';
import type { Detected } from './detected.js';
import type { SuspectUnit } from './query-run.js';

/** `nowMs`: Unix ms. Its pool stands in the place of a statement. */
export function leakOf({ pool, takenMs }: ConnectionLeak, nowMs: number): Detected {
  const outUs = Math.max(0, nowMs - takenMs) * 1000;
  return {
    kind: 'connection_leak',
    system: '',
    query: pool,
    parentQuery: undefined,
    calls: 1,
    totalUs: outUs,
    wastedUs: outUs,
    rows: 0,
    errorType: undefined,
    confidence: 'high',
    wanted: undefined,
  };
}

/** The unit that took it, as far as it is known. */
export function unitOfLeak({ takenMs }: ConnectionLeak, attributes: Attributes): SuspectUnit {
  return {
    attributes,
    timeMs: takenMs,
    durationUs: 0,
    queries: 0,
    weight: 1,
    traceId: undefined,
    runs: [],
    all: [],
  };
}
