/**
 * A site whose pages carry the beacon, a collector that takes what they send, and what each beacon said as
 * it came. Everything on loopback, on ports of its own; nothing is left behind by `close`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBeaconSites } from '../../../src/collector/beacon/beacon-sites.js';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import type { Frontend } from '../../../src/collector/views/frontend.js';
import type { BeaconView } from '../../../src/shared/beacon-view.js';

export const KEY = 'key-of-the-shop';
export const SERVICE = 'shop';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface BeaconSite {
  /** Of the pages. */
  readonly url: string;
  readonly collector: Collector;
  /** As they came, those that were refused too. */
  readonly beacons: readonly BeaconView[];
  /** What came with each beacon. */
  readonly heads: readonly IncomingMessage['headers'][];
  /** The tag for the head of a page. */
  readonly tag: string;
  /** Resolves when so many beacons have come. */
  arrived(count: number): Promise<readonly BeaconView[]>;
  /** The view of the pages, once the collector has committed so many page views. */
  frontend(views: number): Promise<Frontend>;
  close(): Promise<void>;
}

/** The collector lies behind the site, as behind a proxy: `script-src 'self'` has to do for it. */
export async function startBeaconSite(pages: Handler): Promise<BeaconSite> {
  const folder = mkdtempSync(join(tmpdir(), 'tachograph-test-'));
  const beacons: BeaconView[] = [];
  const heads: IncomingMessage['headers'][] = [];
  let collector: Collector | undefined;
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    if (path !== '/tachograph.js' && !path.startsWith('/v1/')) return pages(request, response);
    const body = Buffer.concat(await request.toArray());
    const { hostname, port } = new URL(collector!.url);
    const { method = 'GET' } = request;
    const headers = { ...request.headers, host: 'localhost' };
    const passed = forward({ hostname, port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(response);
      if (method !== 'POST') return;
      beacons.push(JSON.parse(String(body)) as BeaconView);
      heads.push(request.headers);
      for (const wake of waiting) wake();
    });
    // A page that is closed cuts off what it asked for.
    passed.on('error', () => response.destroy());
    passed.end(body);
  });
  const url = await listen(server);
  collector = await startCollector({
    folder: join(folder, 'data'),
    port: 0,
    queryThreads: 0,
    beacon: { sites: readBeaconSites([`${KEY}=${SERVICE}`], [url]), windowMs: 1000 },
  });
  const started = collector;
  return {
    url,
    collector: started,
    beacons,
    heads,
    tag: `<script async src="/tachograph.js" data-key="${KEY}"></script>`,
    arrived: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (beacons.length < count) return;
          waiting.delete(look);
          resolve(beacons);
        };
        waiting.add(look);
        look();
      }),
    async frontend(views) {
      for (;;) {
        const response = await fetch(`${started.url}/v1/frontend`);
        const frontend = (await response.json()) as Frontend;
        const seen = frontend.pages.reduce((sum, page) => sum + page.views, 0);
        if (seen >= views) return frontend;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await started.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
