/**
 * Delivers one operation that a command measured itself: a batch with one record in one histogram, by
 * the same lanes and spool as the agent's, so that it survives a collector that is away.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { OPERATION_DURATION } from '../shared/application-metrics.js';
import { CONTROL_BYTES, laneWords } from '../shared/control-layout.js';
import type { Options } from '../shared/options.js';
import type { Attributes } from '../transport/batch.js';
import type { BatchDraft } from '../transport/batch-draft.js';
import { parseDestinations } from '../transport/destination.js';
import { HdrPayloads } from '../transport/hdr-payload.js';
import { networkOf } from '../transport/network.js';
import { openLane } from '../transport/open-lane.js';
import { QuickHistogram } from '../transport/quick-histogram.js';
import { readAuthorities } from '../transport/read-authorities.js';
import { resourceAttributes } from '../transport/resource.js';
import type { OnTrouble } from '../transport/trouble.js';

const DELIVERY_MS_MAX = 5000;

export interface MeasuredOperation {
  readonly name: string;
  readonly module: string;
  /** Undefined when it succeeded. */
  readonly errorType: string | undefined;
  /** Unix ms. */
  readonly startedMs: number;
  readonly durationMs: number;
}

/** Tries once, within DELIVERY_MS_MAX; what is not delivered then waits in the spool. */
export async function deliverOperation(
  operation: MeasuredOperation,
  options: Options,
  onTrouble: OnTrouble,
): Promise<void> {
  const { destinations, problems } = parseDestinations(options.url);
  for (const { code, message } of problems) onTrouble(code, message);
  const network = networkOf(process.env, readAuthorities(options.ca, onTrouble));
  const boot = randomUUID();
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const draft = draftOf(operation, options, boot);
  await Promise.all(
    destinations.map(async (destination, index) => {
      const account = laneWords(control, index);
      const lane = await openLane(destination, { options, boot, account, network, onTrouble });
      lane.offer(draft);
      await lane.flush(DELIVERY_MS_MAX);
      const { delivered, lastError } = lane.state();
      if (delivered === 0)
        onTrouble('TACHO_COLLECTOR_UNREACHABLE', `${lane.state().label}: ${lastError}`);
      await lane.close();
    }),
  );
}

function draftOf(operation: MeasuredOperation, options: Options, boot: string): BatchDraft {
  const { name, module, errorType, startedMs, durationMs } = operation;
  const { name: metric, kind, unit, scale } = OPERATION_DURATION;
  const value = Math.round(durationMs * 1000);
  const histogram = new QuickHistogram(options.digits);
  histogram.record(value);
  const attributes: Attributes = [
    ...(errorType === undefined ? [] : [['error.type', errorType] as const]),
    ['tachograph.module', module],
    ['tachograph.operation.name', name],
  ];
  // As of a process it lies in the window in which it ended: of one that began long ago nobody would be told any more.
  const endMs = startedMs + durationMs;
  const lengthMs = Math.max(1, Math.round(Math.min(durationMs, options.windowMs)));
  const cwd = process.cwd();
  const facts = { boot, startedMs, pid: process.pid, cwd, clusterWorker: undefined };
  return {
    identity: { agent: `${hostname()}:${process.pid}`, boot, sequence: 1 },
    // The service is that of the folder in which the command runs.
    resource: resourceAttributes(options, { ...facts, script: join(cwd, 'tachograph') }),
    startMs: Math.max(0, Math.round(endMs) - lengthMs),
    durationMs: lengthMs,
    closedMs: Date.now(),
    records: 1,
    histograms: [
      {
        series: { name: metric, kind, unit, scale, attributes },
        count: 1,
        sum: value,
        min: value,
        max: value,
        payload: histogram.payload(value, new HdrPayloads()),
      },
    ],
    counters: [],
    gauges: [],
    events: [],
    ledger: { recorded: 1, dropped: {}, outside: 0 },
  };
}
