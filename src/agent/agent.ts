/**
 * Puts the agent together on an application thread: ring, recorder, probes; on the main thread also
 * the worker and the exit path. Runs before the application's first line, so it does little: the
 * worker starts after the application's own start-up, and records wait in the ring until then.
 */
import {
  CONTROL_BYTES,
  controlWords,
  LEDGER_DROPPED_THREADS,
  ledgerWords,
  SCRIPT_ENDS,
} from '../shared/control-layout.js';
import type { Options } from '../shared/options.js';
import { randomUuid } from '../shared/random-uuid.js';
import { resolveOptions } from '../shared/resolve-options.js';
import type { FromThread, ProcessFacts, ToWorker } from '../shared/worker-protocol.js';
import { createAfterStart } from './after-start.js';
import { announceThread } from './announce-thread.js';
import { injectBeacon } from './beacon/inject-http1.js';
import { injectBeaconHttp2 } from './beacon/inject-http2.js';
import { keepContextInBodies } from './body-events.js';
import { nowMs, wallTimeMs } from './clock.js';
import { createContext } from './context.js';
import { currentFolder } from './current-folder.js';
import { LeakWatch } from './databases/leak-watch.js';
import { addDebugHeaders } from './debug-headers.js';
import { addHttp2DebugHeaders } from './debug-headers-http2.js';
import { flushAtExit } from './exit.js';
import { claimThread, IS_MAIN_THREAD, isOwnWorker, isTool } from './guard.js';
import { guardedCall, type Warn } from './guarded.js';
import { startHeart } from './heart.js';
import { loadedCluster, workerThreads } from './late-builtins.js';
import { MetLibraries } from './met-libraries.js';
import { offerStack } from './own-stack.js';
import type { ProbeHost } from './probe.js';
import { selectProbes } from './probe-table.js';
import { launchOf } from './process-manager.js';
import { createPropagation } from './propagation.js';
import { QueryPlaces } from './query-places.js';
import { Recorder } from './recorder.js';
import { RequestRecorder } from './request-recorder.js';
import { RingWriter } from './ring-writer.js';
import { RouteMapping } from './route-mapping.js';
import { watchScriptEnds } from './script-ends.js';
import { flushAtSignals } from './signals.js';
import { startAdapters } from './start-adapters.js';
import { startPort } from './start-port.js';
import { createSupervisor } from './supervisor.js';
import { Suspects } from './suspects.js';
import { ThreadHub } from './thread-hub.js';
import { startTicker } from './ticker.js';
import { TraceKeeper } from './trace-keeper.js';
import { readTraceLimits } from './trace-limits.js';
import { createWarn } from './warnings.js';
import { watchThreads } from './watch-threads.js';
import { Work } from './work.js';

/**
 * Starts the agent in this thread; at most once, and never in the agent's own worker, in a package
 * manager or when it is switched off. Never throws.
 */
export function startAgent(): void {
  try {
    const { script, environment } = launchOf(process.argv[1], process.env);
    if (isOwnWorker() || isTool(script) || !claimThread()) return;
    if (typeof process.getBuiltinModule !== 'function') {
      throw new Error(`expected Node.js 20.19, 22.3 or later, got ${process.versions.node}.`);
    }
    const { options, problems } = resolveOptions(environment);
    if (!options.enabled) return;
    const warn = createWarn(options.log);
    // Each thread reads the same environment: the main thread alone complains about it.
    if (IS_MAIN_THREAD) for (const { code, message } of problems) warn(code, message);
    startThread(options, warn);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.emitWarning(`Tachograph did not start: ${reason}`, { code: 'TACHO_AGENT_OFF' });
  }
}

function startThread(options: Options, warn: Warn): void {
  const threadId = IS_MAIN_THREAD ? 0 : workerThreads().threadId;
  const ring = new RingWriter(options.ringBytes, options.seriesMax, threadId);
  const recorder = new Recorder(ring, options.seriesMax, () =>
    warn('TACHO_SERIES_LIMIT', `TACHOGRAPH_SERIES_MAX is ${options.seriesMax}.`),
  );
  const afterStart = createAfterStart();
  const ticker = startTicker(options.sampleIntervalMs, afterStart, warn);
  startHeart(ring, ticker, IS_MAIN_THREAD ? options.stallThresholdMs : 0);
  let tell: (word: FromThread) => void = () => {};
  const limitsOf = readTraceLimits(options);
  const suspects = new Suspects((suspect) => tell({ type: 'suspect', threadId, suspect }));
  const traces = new TraceKeeper(
    options,
    (trace) => tell({ type: 'trace', threadId, trace }),
    suspects,
  );
  const mapping = new RouteMapping(options.operations, options.modules);
  const requests = new RequestRecorder(recorder, traces, mapping, limitsOf);
  const onlyOpen = () => requests.onlyOpen;
  const context = createContext(options.context, onlyOpen, (storage) => {
    requests.follow();
    keepContextInBodies(storage);
  });
  const work = new Work(recorder, context, options.slowQueryMs, suspects);
  const places = new QueryPlaces(recorder, suspects);
  const propagate = createPropagation(options.propagate);
  const host: ProbeHost = {
    afterStart,
    recorder,
    ticker,
    warn,
    context,
    work,
    places,
    leaks: new LeakWatch((leak) => tell({ type: 'leak', threadId, leak })),
    requests,
    propagate,
    traces,
    jobLimits: limitsOf.job,
  };
  const { probes, adapters, unknown } = selectProbes(options.probes);
  for (const name of unknown)
    warn('TACHO_OPTION_INVALID', `TACHOGRAPH_PROBES: no probe "${name}".`);
  for (const probe of probes) probe.start(host);
  const libraries = new MetLibraries();
  startAdapters(adapters, host, (adapter, path) => libraries.add(adapter, path));
  addToResponses(
    options,
    host,
    probes.some(({ name }) => name === 'http-server'),
  );
  startPort(host, traces, limitsOf.operation, (event) => tell({ type: 'event', event }));

  tell = IS_MAIN_THREAD
    ? startMainThread(options, warn, ring, host, libraries)
    : announceThread(ring, warn);
}

/** What options ask to be added to responses; none of it is loaded without. */
function addToResponses(options: Options, host: ProbeHost, hasRequests: boolean): void {
  const { debugHeaders, serverTiming, beacon } = options;
  const isInjected = beacon === 'inject';
  if (debugHeaders || serverTiming || isInjected) {
    guardedCall('debug-headers', host.warn, addDebugHeaders)(host, debugHeaders);
    guardedCall('debug-headers', host.warn, addHttp2DebugHeaders)(host, debugHeaders);
  }
  if (isInjected) {
    if (!hasRequests)
      host.warn('TACHO_BEACON_OFF', 'expected the probe http-server, which was left out.');
    guardedCall('beacon', host.warn, injectBeacon)(host, options);
    guardedCall('beacon', host.warn, injectBeaconHttp2)(host, options);
  }
}

/** Returns what gives the worker what is no record. */
function startMainThread(
  options: Options,
  warn: Warn,
  ring: RingWriter,
  host: ProbeHost,
  libraries: MetLibraries,
): (word: FromThread) => void {
  const control = new SharedArrayBuffer(CONTROL_BYTES);
  const words = controlWords(control);
  const supervisor = createSupervisor(
    { tachographWorker: true, options, control },
    { facts: processFacts, rings: () => hub.rings, libraries: () => libraries.all },
    warn,
  );
  libraries.onMet = (library) => supervisor.post({ type: 'library', library });
  const hub = new ThreadHub(
    ring.buffer,
    (threadRing) => supervisor.post({ type: 'ring', ring: threadRing }),
    (message) => supervisor.post(message),
    (records) => {
      const ledger = ledgerWords(control);
      ledger[LEDGER_DROPPED_THREADS] = ledger[LEDGER_DROPPED_THREADS]! + records;
    },
    warn,
  );
  watchThreads(
    {
      isOwn: () => supervisor.isLaunching,
      onMade: () => hub.listen(),
      onEnded: (ended) => hub.end(ended),
    },
    warn,
  );
  host.ticker.onSample(() => {
    supervisor.check();
    if (supervisor.isOff) hub.stop();
    else hub.release();
  });
  const askToFlush = (message: ToWorker): void => {
    // A ring that the main thread was too busy to take is read before the end, too.
    hub.collect();
    supervisor.post(message);
  };
  const flush = flushAtExit(control, options.exitTimeoutMs, askToFlush, warn);
  const isInScript = (): boolean => Atomics.load(words, SCRIPT_ENDS) > 0;
  host.ticker.onTick(flushAtSignals(flush, isInScript));
  guardedCall('stalls', warn, watchScriptEnds)(control);
  // A new thread costs its creator 2–3 ms, and its own start competes with the application's.
  host.afterStart(() => {
    supervisor.start();
    if (options.stallThresholdMs > 0) guardedCall('stalls', warn, offerStack)(() => ring.beats);
  });
  return (word) => supervisor.post(word);
}

/** Read when the worker starts, not before the application. */
function processFacts(): ProcessFacts {
  return {
    boot: randomUuid(),
    startedMs: Math.round(wallTimeMs(nowMs() - process.uptime() * 1000)),
    pid: process.pid,
    cwd: currentFolder(),
    script: launchOf(process.argv[1], process.env).script,
    clusterWorker: clusterWorkerId(),
  };
}

/** NODE_UNIQUE_ID, which carries it, is gone by the time a preload runs. */
function clusterWorkerId(): number | undefined {
  const { worker } = loadedCluster() ?? {};
  return worker?.id;
}
