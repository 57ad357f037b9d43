/** What every probe is given, and what it is: one signal or library, one file in `probes/`. */
import type { AfterStart } from './after-start.js';
import type { RequestContext } from './context.js';
import type { LeakWatch } from './databases/leak-watch.js';
import type { Warn } from './guarded.js';
import type { Propagate } from './propagation.js';
import type { QueryPlaces } from './query-places.js';
import type { Recorder } from './recorder.js';
import type { Ticker } from './ticker.js';
import type { TraceKeeper } from './trace-keeper.js';
import type { TraceLimits } from './trace-limits.js';
import type { Work } from './work.js';

export interface ProbeHost {
  /** For what need not be there before the application has loaded. */
  readonly afterStart: AfterStart;
  readonly recorder: Recorder;
  readonly context: RequestContext;
  readonly work: Work;
  /** Tells the worker where queries are made, when it asks. */
  readonly places: QueryPlaces;
  /** Tells the worker of connections that are not given back. */
  readonly leaks: LeakWatch;
  readonly ticker: Ticker;
  readonly warn: Warn;
  /** Joins an outbound call to the trace of its caller. */
  readonly propagate: Propagate;
  /** Who is offered each unit that has ended. */
  readonly traces: TraceKeeper;
  /** From when on a job is slow; a request has limits of its route. */
  readonly jobLimits: TraceLimits;
  /** Shared by the HTTP probes: turns a finished request into records. */
  readonly requests: RequestRecorder;
}

/** See `request-recorder.ts`. */
export type RequestRecorder = import('./request-recorder.js').RequestRecorder;

export interface Probe {
  /** As TACHOGRAPH_PROBES names it. */
  readonly name: string;
  readonly start: (host: ProbeHost) => void;
}
