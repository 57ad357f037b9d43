/**
 * A shop whose every number is known: two instances of two versions, for some time before `nowMs`, sent to a
 * collector as batches. The same seed gives the same shop. `truth` is what the dashboard has to say.
 */
import type { Batch } from '../../../src/transport/batch.js';
import { makeBatch, send } from '../../collector/make-batch.js';
import { seeded } from '../seeded.js';
import { shopEvents } from './events.js';
import { attributesOf } from './points.js';
import { ROUTES, type ShopRoute } from './routes.js';
import { machinePoints, requestPoints } from './window.js';

export const WINDOW_MS = 10_000;

export interface ShopOptions {
  readonly nowMs: number;
  /** How long it has been running. */
  readonly forMs: number;
  readonly seed?: number;
  readonly service?: string;
  /** Its name, where it is to be a hostile one. */
  readonly routes?: readonly ShopRoute[];
  readonly windowMs?: number;
}

export interface RouteTruth {
  readonly method: string;
  readonly route: string;
  /** Seconds, of every request. */
  readonly values: number[];
  errors: number;
  queries: number;
}

export interface ShopTruth {
  readonly routes: readonly RouteTruth[];
  readonly records: number;
  readonly batches: readonly Batch[];
}

export const INSTANCES = [
  { agent: 'web-1:101', boot: 'boot-web-1', version: '1.4.0' },
  { agent: 'web-2:102', boot: 'boot-web-2', version: '1.5.0' },
] as const;

export function makeShop(options: ShopOptions): ShopTruth {
  const { nowMs, forMs, seed = 1, service = 'shop', routes = ROUTES } = options;
  const windowMs = options.windowMs ?? WINDOW_MS;
  const random = seeded(seed);
  const truths = routes.map(({ method, route }): RouteTruth => {
    return { method, route, values: [], errors: 0, queries: 0 };
  });
  const batches: Batch[] = [];
  const recorded = new Map<string, number>();
  const windows = Math.floor(forMs / windowMs);
  for (let window = 0; window < windows; window++) {
    const startMs = Math.floor(nowMs / windowMs) * windowMs - (windows - window) * windowMs;
    for (const instance of INSTANCES) {
      const share = window / Math.max(1, windows - 1);
      const points = requestPoints({ routes, truths, random, share, version: instance.version });
      const machine = machinePoints({ random, share });
      const histograms = [...points.histograms, ...machine.histograms];
      const records = histograms.reduce((sum, { count }) => sum + count, 0);
      const before = recorded.get(instance.boot) ?? 0;
      recorded.set(instance.boot, before + records);
      const batch = makeBatch({
        agent: instance.agent,
        boot: instance.boot,
        sequence: window + 1,
        startMs,
        records,
        histograms,
        gauges: machine.gauges,
        counters: [...points.counters, ...machine.counters],
        events: shopEvents({ startMs, window, windows, routes, random, instance: instance.boot }),
        closedMs: startMs + windowMs,
        ledger: { recorded: before + records, delivered: before, pending: records, dropped: {} },
      });
      batches.push({ ...batch, durationMs: windowMs, resource: resourceOf(service, instance) });
    }
  }
  const records = batches.reduce((sum, batch) => sum + batch.records, 0);
  return { routes: truths, records, batches };
}

/** @throws {Error} when the collector refuses one. */
export async function sendShop(url: string, { batches }: ShopTruth, token?: string): Promise<void> {
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  for (const batch of batches) {
    const response = await send(url, batch, { headers });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  }
}

function resourceOf(
  service: string,
  { agent, boot, version }: (typeof INSTANCES)[number],
): Batch['resource'] {
  return attributesOf({
    'deployment.environment.name': 'production',
    'host.name': agent.split(':')[0]!,
    'service.instance.id': boot,
    'service.name': service,
    'service.version': version,
  });
}
