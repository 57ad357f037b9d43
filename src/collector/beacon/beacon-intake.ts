/**
 * Views that came, until their window is over and committed. Owned by the collector's main thread. Views
 * wait as they came, because the trace of their page is known only when its agent's window is: all of
 * them together take VIEW_BYTES_MAX of JSON, past which beacons are refused.
 */
import type { BeaconView } from '../../shared/beacon-view.js';
import { HttpError } from '../http/http-error.js';
import type { Commit } from '../ingest/group-commit.js';
import type { Store } from '../store/store.js';
import { BeaconNames } from './beacon-names.js';
import { BeaconPoints } from './beacon-points.js';
import { BeaconProcess, type DropReason } from './beacon-process.js';
import { foldView } from './fold-view.js';
import { TraceRoutes } from './trace-routes.js';
import { type NamedView, vitalEvents } from './vital-events.js';

/** As agents' by default. */
export const BEACON_WINDOW_MS = 10_000;
/** After the end of a window its agents' batches arrive within a second or two. */
const SETTLE_MS = 2000;
/** JSON takes about six times as much as objects. */
const VIEW_BYTES_MAX: number = 8 * 1024 * 1024;
const RETRY_SECONDS = 10;

export interface BeaconIntakeOptions {
  readonly services: Iterable<string>;
  readonly store: Pick<Store, 'trace'>;
  readonly commit: Commit;
  readonly now: () => number;
  readonly windowMs?: number | undefined;
}

interface OpenWindow {
  readonly startMs: number;
  readonly views: { readonly view: BeaconView; readonly timeMs: number }[];
  bytes: number;
}

interface Site {
  readonly process: BeaconProcess;
  readonly names: BeaconNames;
  readonly windows: OpenWindow[];
}

export class BeaconIntake {
  readonly #sites: ReadonlyMap<string, Site>;
  readonly #routes: TraceRoutes;
  readonly #now: () => number;
  readonly #windowMs: number;
  #bytes = 0;
  #settling: Promise<void> = Promise.resolve();

  constructor({ services, store, commit, now, windowMs }: BeaconIntakeOptions) {
    this.#now = now;
    this.#windowMs = windowMs ?? BEACON_WINDOW_MS;
    this.#routes = new TraceRoutes(store);
    this.#sites = new Map(
      [...new Set(services)].map((service) => [
        service,
        {
          process: new BeaconProcess(service, commit, now),
          names: new BeaconNames(),
          windows: [],
        },
      ]),
    );
  }

  /** @throws {HttpError} 503 when too much waits. */
  take(service: string, view: BeaconView, bytes: number): void {
    const { windows } = this.#sites.get(service)!;
    if (this.#bytes + bytes > VIEW_BYTES_MAX) {
      this.refuse(service, 'memory_full');
      throw new HttpError(503, 'ingest_busy', 'too many beacons wait for the disk already.', {
        retryAfterSeconds: RETRY_SECONDS,
      });
    }
    const timeMs = this.#now();
    const startMs = Math.floor(timeMs / this.#windowMs) * this.#windowMs;
    let open = windows.at(-1);
    if (open?.startMs !== startMs) {
      open = { startMs, views: [], bytes: 0 };
      windows.push(open);
    }
    open.views.push({ view, timeMs });
    open.bytes += bytes;
    this.#bytes += bytes;
  }

  refuse(service: string, reason: DropReason): void {
    this.#sites.get(service)?.process.drop(reason, 1);
  }

  /** Commits the windows that are over. Calls do not overlap. */
  settle(): Promise<void> {
    const endedMs = this.#now() - SETTLE_MS - this.#windowMs;
    return this.#settle(({ startMs }) => startMs <= endedMs);
  }

  /** Commits everything. */
  close(): Promise<void> {
    return this.#settle(() => true);
  }

  #settle(isOver: (window: OpenWindow) => boolean): Promise<void> {
    const pass = this.#settling.then(async () => {
      for (const site of this.#sites.values()) {
        for (const window of site.windows.filter(isOver)) {
          site.windows.splice(site.windows.indexOf(window), 1);
          this.#bytes -= window.bytes;
          await this.#fold(site, window);
        }
        await site.process.send();
      }
    });
    this.#settling = pass.catch(() => {});
    return pass;
  }

  async #fold({ process, names }: Site, { startMs, views }: OpenWindow): Promise<void> {
    const traces = views.flatMap(({ view }) => [view.trace, ...view.calls.map((call) => call[4])]);
    const routes = await this.#routes.find(traces);
    const points = new BeaconPoints();
    names.atTime(startMs);
    const named = views.map(({ view, timeMs }): NamedView => {
      const page = foldView(view, points, names, (trace) => routes.get(trace) ?? '');
      return { view, page, timeMs };
    });
    process.add({ startMs, durationMs: this.#windowMs }, points, vitalEvents(named));
  }
}
