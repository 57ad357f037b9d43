/** A collector with the built dashboard and a shop's data in it. Needs `npm run build`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Collector,
  type CollectorOptions,
  startCollector,
} from '../../../src/collector/start-collector.js';
import { makeShop, type ShopOptions, type ShopTruth, sendShop } from './shop.js';

export const DASHBOARD: string = fileURLToPath(
  new URL('../../../dist/browser/dashboard', import.meta.url),
);
export const SHOP_NOW: number = Date.UTC(2026, 10, 23, 12);

export interface OpenShop {
  readonly url: string;
  readonly collector: Collector;
  readonly truth: ShopTruth;
  readonly folder: string;
  close(): Promise<void>;
}

export async function openShop(
  options: Partial<ShopOptions> = {},
  settings: Partial<CollectorOptions> = {},
  token?: string,
): Promise<OpenShop> {
  const nowMs = options.nowMs ?? SHOP_NOW;
  const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  const collector = await startCollector({
    folder,
    port: 0,
    queryThreads: 0,
    dashboardFolder: DASHBOARD,
    now: () => nowMs,
    // Batches come at once here, not one in ten seconds.
    monotonicMs: ticking(),
    ...settings,
  });
  const truth = makeShop({ nowMs, forMs: 20 * 60_000, ...options });
  await sendShop(collector.url, truth, token);
  return {
    url: collector.url,
    collector,
    truth,
    folder,
    async close() {
      await collector.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A clock that is a second later at each look. */
function ticking(): () => number {
  let ms = 0;
  return () => {
    ms += 1000;
    return ms;
  };
}
