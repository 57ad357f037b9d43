/**
 * Where batches leave the worker: one lane for each destination of TACHOGRAPH_URL, each with its own
 * spool folder and account. Runs in the agent's worker.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LANES_MAX, laneWords } from '../shared/control-layout.js';
import { AGENT_SPOOL_USAGE } from '../shared/metrics.js';
import type { WorkerStart } from '../shared/worker-protocol.js';
import type { BatchDraft } from '../transport/batch-draft.js';
import { parseDestinations } from '../transport/destination.js';
import type { Lane } from '../transport/lane.js';
import type { Network } from '../transport/network.js';
import { openLane } from '../transport/open-lane.js';
import type { OnTrouble } from '../transport/trouble.js';
import type { Sink } from './sink.js';

/** Of the time the main thread waits, this much is kept for waking it up. */
const FLUSH_MARGIN_MS = 40;

/** A batch that a crashed worker of this process had saved, and its number. */
export interface Recovered {
  readonly records: number;
  readonly sequence: number;
}

export interface Outlet {
  /** Takes a finished batch. */
  offer(draft: BatchDraft): void;
  /** Saves the open window, in case the process is killed before it is finished. */
  checkpoint(draft: BatchDraft): void;
  /** Delivers what is new, or leaves it in the spool; done within `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
  /** Records that destinations did not get and will not, so far: of each destination its own. */
  dropped(): number;
  /** Records what the spools hold. */
  sample(sink: Sink): void;
  readonly recovered: Recovered;
  /** For a worker that follows a crashed one: of `offered` records, what no lane has is lost. */
  settle(offered: number): void;
}

/** Never rejects: a destination that cannot be opened is reported and left out. */
export async function openOutlet(
  start: WorkerStart,
  network: Network,
  onTrouble: OnTrouble,
): Promise<Outlet> {
  const { destinations, problems } = parseDestinations(start.options.url);
  for (const { code, message } of problems) onTrouble(code, message);
  const lanes: Lane[] = [];
  for (const [index, destination] of destinations.slice(0, LANES_MAX).entries()) {
    const account = laneWords(start.control, index);
    const { boot } = start.facts;
    const { options } = start;
    lanes.push(await openLane(destination, { options, boot, account, network, onTrouble }));
  }

  return {
    offer(draft) {
      for (const lane of lanes) lane.offer(draft);
    },
    checkpoint(draft) {
      for (const lane of lanes) lane.checkpoint(draft);
    },
    async flush(timeoutMs) {
      const deadline = sleep(Math.max(1, timeoutMs - FLUSH_MARGIN_MS));
      await Promise.all(
        lanes.map(async (lane) => {
          await lane.flush(Math.max(1, timeoutMs - 2 * FLUSH_MARGIN_MS));
          // What a process gives back now, its successor need not wait to take over.
          await Promise.race([lane.close(), deadline]);
        }),
      );
    },
    dropped() {
      const all = lanes.flatMap((lane) => Object.values(lane.dropped));
      return all.reduce((sum, records) => sum + records, 0);
    },
    sample(sink) {
      let bytes = 0;
      for (const lane of lanes) bytes += lane.state().spoolBytes;
      sink.set(AGENT_SPOOL_USAGE, bytes);
    },
    settle(offered) {
      for (const lane of lanes) lane.settle(offered);
    },
    recovered: lanes
      .map((lane) => lane.recovered)
      .reduce((most, one) => (one.records > most.records ? one : most), NOTHING),
  };
}

const NOTHING: Recovered = { records: 0, sequence: 0 };
