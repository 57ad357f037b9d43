/** The end of a request, an operation and a job while what sends traces fails. */
import { expect, it } from 'vitest';
import { createContext } from '../../src/agent/context.js';
import { Jobs } from '../../src/agent/jobs/jobs.js';
import { Operations } from '../../src/agent/operations.js';
import type { ProbeHost } from '../../src/agent/probe.js';
import { Recorder } from '../../src/agent/recorder.js';
import { RequestRecorder } from '../../src/agent/request-recorder.js';
import { RequestState } from '../../src/agent/request-state.js';
import { RingWriter } from '../../src/agent/ring-writer.js';
import { RouteMapping } from '../../src/agent/route-mapping.js';
import { NO_SPAN } from '../../src/agent/span-list.js';
import { TraceKeeper } from '../../src/agent/trace-keeper.js';
import type { Unit } from '../../src/agent/unit.js';
import { Work } from '../../src/agent/work.js';

const LIMITS = { slowUs: -1, queriesMax: 9 };

function setUp() {
  const recorder = new Recorder(new RingWriter(64 * 1024, 100, 0), 100, () => {});
  /** Records that are not to be seen yet. */
  let staged = 0;
  recorder.stage = () => {
    staged += 1;
  };
  recorder.publish = () => {
    staged = 0;
  };
  const context = createContext('on', () => undefined);
  const traces = new TraceKeeper({ traceSample: 0, user: [] }, () => {
    throw new Error('not to be sent');
  });
  const work = new Work(recorder, context);
  const host = { recorder, context, work, traces, jobLimits: LIMITS, warn: () => {} };
  return { host: host as unknown as ProbeHost, traces, isPublished: () => staged === 0 };
}

type SetUp = ReturnType<typeof setUp>;

/** A unit that was slow, and has ended. */
const ENDS: Readonly<Record<string, (setUp: SetUp) => Unit>> = {
  request({ host, traces }) {
    const limitsOf = { route: () => LIMITS, operation: () => LIMITS, job: LIMITS };
    const requests = new RequestRecorder(host.recorder, traces, new RouteMapping([], []), limitsOf);
    const state = new RequestState(0, 'GET', '/work');
    Object.assign(state, { request: {}, response: {}, headers: {}, visit: {} });
    requests.begin(state);
    state.beginSpan(1, 0);
    expect(() => requests.end(state, 200, false)).toThrow('not to be sent');
    expect(state).toMatchObject({
      request: undefined,
      response: undefined,
      headers: undefined,
      visit: undefined,
    });
    return state;
  },
  operation({ host, traces }) {
    let unit: Unit | undefined;
    new Operations(host, traces, () => LIMITS).measure('sync', 'sales', () => {
      unit = host.work.current();
      unit?.beginSpan(1, 0);
    });
    return unit!;
  },
  job({ host }) {
    const jobs = new Jobs(host);
    const call = jobs.begin(() => ({ system: 'bullmq', queue: 'mails', name: 'welcome' }))!;
    call.unit.beginSpan(1, 0);
    jobs.end(call, undefined);
    return call.unit;
  },
};

it.each(Object.keys(ENDS))(
  'the end of a %s whose trace cannot be sent gives back its spans and shows its records',
  (kind) => {
    const parts = setUp();
    const unit = ENDS[kind]!(parts);
    expect(unit.isDone).toBe(true);
    expect(unit.spans).toBeUndefined();
    expect(unit.beginSpan(1, 0)).toBe(NO_SPAN);
    expect(parts.isPublished()).toBe(true);
  },
);
