/**
 * Sessions: what express-session and @fastify/session ask of their stores, each operation until the
 * store has answered, and cookie-session, whose sessions are read when first the application looks.
 */
import { SESSION_DURATION } from '../../shared/application-metrics.js';
import { nowMs } from '../clock.js';
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import { LabelSeries } from '../label-series.js';
import { LAYER } from '../layer.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { errorTypeOf, timedFunction, timeMethod } from '../timed-call.js';
import type { Method } from './outermost.js';
import { perHost } from './per-host.js';
import { replaceFunction } from './replace-function.js';

/** The methods of a store by what they do; a store need not have all. */
const OPERATIONS = { get: 'load', set: 'save', touch: 'touch', destroy: 'destroy' } as const;

interface Sessions {
  readonly series: LabelSeries;
  /** Objects whose methods are timed: a store may serve several applications. */
  readonly watched: WeakSet<object>;
}
const sessionsOf: (host: ProbeHost) => Sessions = perHost((host) => {
  host.context.follow();
  return { series: new LabelSeries(host.recorder, SESSION_DURATION), watched: new WeakSet() };
});

/** For the stores in memory that the libraries bring: `exports` is the class. */
export function patchStoreClass({ exports }: LoadedModule, host: ProbeHost, library: string): void {
  const { prototype } = exports as { prototype?: object };
  if (prototype === undefined) return;
  sessionsOf(host).watched.add(prototype);
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    timeMethod(prototype, name, host, timingOf(host, library, operation));
  }
}

/**
 * For a library's main file, which exports a function: the store is the option of that name, given at
 * `optionsIndex`. Its methods are put on the store itself, for its class may be for other things, too.
 */
export function patchSessionLibrary(
  loaded: LoadedModule,
  host: ProbeHost,
  library: string,
  optionsIndex: number,
): void {
  const original = loaded.exports as Method;
  if (typeof original !== 'function') return;
  const watch = guardedCall(`sessions, ${library}`, host.warn, (options: unknown) =>
    watchStore((options as { store?: object } | undefined)?.store, host, library),
  );
  loaded.exports = replaceFunction(original, (self, args) => {
    watch(args[optionsIndex]);
    return original.apply(self, args);
  });
}

function watchStore(store: object | undefined, host: ProbeHost, library: string): void {
  const { watched } = sessionsOf(host);
  if (typeof store !== 'object' || store === null || isWatched(store, watched)) return;
  watched.add(store);
  for (const [name, operation] of Object.entries(OPERATIONS)) {
    const original = (store as Record<string, unknown>)[name];
    if (typeof original !== 'function') continue;
    const value = timedFunction(original as Method, host, timingOf(host, library, operation));
    Object.defineProperty(store, name, { value, writable: true, configurable: true });
  }
}

function isWatched(store: object, watched: WeakSet<object>): boolean {
  for (
    let at: object | null = store;
    at !== null;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (watched.has(at)) return true;
  }
  return false;
}

function timingOf(
  host: ProbeHost,
  library: string,
  operation: string,
): Parameters<typeof timedFunction>[2] {
  const { series } = sessionsOf(host);
  return {
    name: `sessions, ${library}`,
    takesCallback: true,
    onEnd: ({ unit, startMs, error }) =>
      host.work.endLayer(
        LAYER.session,
        unit,
        series.id(library, operation, errorTypeOf(error)),
        startMs,
      ),
  };
}

type Middleware = (request: object, response: object, next: Method) => unknown;

/** For cookie-session/index.js: `request.session` is a getter, which decodes the cookie once. */
export function patchCookieSession(loaded: LoadedModule, host: ProbeHost): void {
  const original = loaded.exports as Method;
  if (typeof original !== 'function') return;
  const { series } = sessionsOf(host);
  const { work, warn } = host;
  const end = guardedCall('sessions, cookie-session', warn, (startMs: number) =>
    work.endLayer(LAYER.session, work.current(), series.id('cookie-session', 'load'), startMs),
  );
  const watch = guardedCall('sessions, cookie-session', warn, (request: object) =>
    timeFirstRead(request, end),
  );
  loaded.exports = replaceFunction(original, (self, args) => {
    const middleware = original.apply(self, args) as Middleware;
    const wrapped = function (this: unknown, ...parts: Parameters<Middleware>): unknown {
      const [request, response, next, ...rest] = parts;
      const passOn = function (this: unknown, ...given: unknown[]): unknown {
        if (given.length === 0) watch(request);
        return next.apply(this, given);
      };
      return Reflect.apply(middleware, this, [request, response, passOn, ...rest]);
    };
    return dressAs(wrapped as never, middleware);
  });
}

function timeFirstRead(request: object, end: (startMs: number) => void): void {
  const descriptor = Object.getOwnPropertyDescriptor(request, 'session');
  const get = descriptor?.get;
  if (get === undefined || descriptor?.configurable !== true) return;
  const wrapped = function (this: unknown): unknown {
    Object.defineProperty(request, 'session', descriptor);
    const startMs = nowMs();
    const session: unknown = get.call(this);
    end(startMs);
    return session;
  };
  Object.defineProperty(request, 'session', { ...descriptor, get: dressAs(wrapped as never, get) });
}
