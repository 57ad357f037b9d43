/** Beacons as pages send them, and a collector that takes them, for tests without a browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBeaconSites } from '../../../src/collector/beacon/beacon-sites.js';
import {
  type Collector,
  type CollectorOptions,
  startCollector,
} from '../../../src/collector/start-collector.js';
import type { BeaconView } from '../../../src/shared/beacon-view.js';

export const KEY = 'key-of-the-shop';
export const ORIGIN = 'https://shop.example';
export const SITES = readBeaconSites([`${KEY}=shop`], [ORIGIN]);

export function makeView(parts: Partial<BeaconView> = {}): BeaconView {
  return {
    version: 1,
    type: 'navigate',
    isMore: false,
    path: '/orders/:int',
    trace: '',
    route: '',
    device: 'desktop',
    connection: '4g',
    vitals: {},
    targets: {},
    frames: [],
    scripts: [],
    paces: [],
    calls: [],
    interactions: [],
    quickInteractions: 0,
    resources: [],
    errors: 0,
    omitted: 0,
    ...parts,
  };
}

export interface PostOptions {
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function post(url: string, body: unknown, options: PostOptions = {}): Promise<Response> {
  return fetch(`${url}/v1/beacon?key=${options.key ?? KEY}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'text/plain;charset=UTF-8', origin: ORIGIN, ...options.headers },
  });
}

export async function codeOf(response: Response): Promise<[number, string]> {
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code];
}

export interface Running {
  readonly url: string;
  readonly folder: string;
  readonly collector: Collector;
  json<T>(path: string): Promise<T>;
  /** Commits what came, by ending it, and starts it again on the same folder. */
  again(options?: Partial<CollectorOptions>): Promise<Running>;
  remove(): Promise<void>;
}

export async function startTaking(
  options: Partial<CollectorOptions> = {},
  folder = join(mkdtempSync(join(tmpdir(), 'tachograph-test-')), 'data'),
): Promise<Running> {
  const collector = await startCollector({
    port: 0,
    queryThreads: 0,
    beacon: { sites: SITES },
    ...options,
    folder,
  });
  return {
    url: collector.url,
    folder,
    collector,
    async json<T>(path: string) {
      return (await (await fetch(`${collector.url}${path}`)).json()) as T;
    },
    async again(others = {}) {
      await collector.close();
      return startTaking({ ...options, ...others }, folder);
    },
    async remove() {
      await collector.close();
      rmSync(join(folder, '..'), { recursive: true, force: true });
    },
  };
}
