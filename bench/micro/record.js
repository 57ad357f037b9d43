/**
 * The application thread's side: one record, one series look-up, one whole request. The ring is emptied after
 * each thousand by moving TAIL, as its consumer would; a full ring would only measure refusals.
 */
import { Recorder } from '../../dist/agent/recorder.js';
import { RequestRecorder } from '../../dist/agent/request-recorder.js';
import { RequestState } from '../../dist/agent/request-state.js';
import { RingWriter } from '../../dist/agent/ring-writer.js';
import { RouteMapping } from '../../dist/agent/route-mapping.js';
import { RouteSeries } from '../../dist/agent/route-series.js';
import { TraceKeeper } from '../../dist/agent/trace-keeper.js';
import { readTraceLimits } from '../../dist/agent/trace-limits.js';
import { HTTP_SERVER_REQUEST_DURATION } from '../../dist/shared/metrics.js';
import { resolveOptions } from '../../dist/shared/resolve-options.js';
import { DROPPED, HEAD, HEADER_BYTES, TAIL } from '../../dist/shared/ring-layout.js';
import { latenciesUs } from '../statistics/random.js';

const CALLS = 1000;
const RING_BYTES = 1024 * 1024;
const SERIES_MAX = 2000;
const ROUTES = ['/orders/:id', '/orders', '/customers/:id', '/health'];
/** As an application has them that sets nothing. */
const { options: OPTIONS } = resolveOptions({});
const MAPPING = new RouteMapping(OPTIONS.operations, OPTIONS.modules);
const limitsOf = readTraceLimits(OPTIONS);

function createRing() {
  const writer = new RingWriter(RING_BYTES, SERIES_MAX, 0);
  const header = new Int32Array(writer.buffer, 0, HEADER_BYTES / 4);
  return {
    writer,
    empty() {
      if (header[DROPPED] !== 0) throw new Error('ring: expected no refusals, got some');
      Atomics.store(header, TAIL, Atomics.load(header, HEAD));
    },
  };
}

/** @param {RingWriter} ring */
function createRecorder(ring) {
  return new Recorder(ring, SERIES_MAX, () => {
    throw new Error('recorder: expected room for every series, got none');
  });
}

/** @type {readonly import('./tasks.js').MicroTask[]} */
export const recordTasks = [
  {
    name: 'ringWriteNs',
    calls: CALLS,
    setup: (random) => {
      const { writer, empty } = createRing();
      const values = latenciesUs(CALLS, random);
      return () => {
        for (let i = 0; i < CALLS; i++) writer.record(i & 31, /** @type {number} */ (values[i]));
        empty();
      };
    },
  },
  {
    name: 'recordNs',
    calls: CALLS,
    setup: (random) => {
      const { writer, empty } = createRing();
      const recorder = createRecorder(writer);
      const values = latenciesUs(CALLS, random);
      const series = ROUTES.map((route) =>
        recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', route, '2xx']),
      );
      return () => {
        for (let i = 0; i < CALLS; i++) {
          recorder.record(/** @type {number} */ (series[i & 3]), /** @type {number} */ (values[i]));
        }
        empty();
      };
    },
  },
  {
    name: 'routeLookUpNs',
    calls: CALLS,
    setup: () => {
      const recorder = createRecorder(createRing().writer);
      const routes = new RouteSeries(recorder, MAPPING, limitsOf, SERIES_MAX);
      return () => {
        let sum = 0;
        for (let i = 0; i < CALLS; i++) {
          sum += routes.ids('GET', /** @type {string} */ (ROUTES[i & 3]), 2).duration;
        }
        if (sum === 0) throw new Error('route series: expected ids, got none');
      };
    },
  },
  {
    name: 'seriesLookUpNs',
    calls: CALLS,
    setup: () => {
      const recorder = createRecorder(createRing().writer);
      return () => {
        for (let i = 0; i < CALLS; i++) {
          recorder.series(HTTP_SERVER_REQUEST_DURATION, ['GET', ROUTES[i & 3], '2xx']);
        }
      };
    },
  },
  {
    name: 'requestNs',
    calls: CALLS,
    setup: () => {
      const { writer, empty } = createRing();
      const traces = new TraceKeeper(OPTIONS, () => {});
      const requests = new RequestRecorder(createRecorder(writer), traces, MAPPING, limitsOf);
      return () => {
        for (let i = 0; i < CALLS; i++) {
          const state = new RequestState(performance.now(), 'GET', undefined);
          state.route = ROUTES[i & 3];
          state.bytesIn = 120;
          state.bytesOut = 640;
          requests.begin(state);
          requests.end(state, 200, false);
        }
        empty();
      };
    },
  },
];
