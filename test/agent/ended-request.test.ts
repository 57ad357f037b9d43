/** What is left of a request when it has ended, for the log line of its end. */
import { expect, it } from 'vitest';
import { nowMs } from '../../src/agent/clock.js';
import { Recorder } from '../../src/agent/recorder.js';
import { RequestRecorder } from '../../src/agent/request-recorder.js';
import { RequestState } from '../../src/agent/request-state.js';
import { RingWriter } from '../../src/agent/ring-writer.js';
import { RouteMapping } from '../../src/agent/route-mapping.js';
import { traceIdsOf } from '../../src/agent/trace-context.js';
import { TraceKeeper } from '../../src/agent/trace-keeper.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;
const LIMITS = { slowUs: 1e9, queriesMax: 9 };

/** A request with these fields that has ended. */
function ended(fields: object, isFollowed = true): RequestState {
  const recorder = new Recorder(new RingWriter(64 * 1024, 100, 0), 100, () => {});
  const traces = new TraceKeeper({ traceSample: 0, user: [] }, () => {});
  const limitsOf = { route: () => LIMITS, operation: () => LIMITS, job: LIMITS };
  const requests = new RequestRecorder(recorder, traces, new RouteMapping([], []), limitsOf);
  if (isFollowed) requests.follow();
  const state = Object.assign(new RequestState(nowMs(), 'GET', '/'), fields);
  requests.begin(state);
  requests.end(state, 200, false);
  expect(state.request).toBeUndefined();
  return state;
}

it.each([
  ['HTTP/1', { request: { rawHeaders: ['Host', 'x', 'TraceParent', TRACEPARENT] } }],
  ['HTTP/2', { headers: { ':path': '/', cookie: 'a=1', traceparent: TRACEPARENT } }],
])('a request has the trace that it came with, and nothing else of its head: %s', (_, fields) => {
  const state = ended(fields);
  expect(state.headers).toEqual({ traceparent: TRACEPARENT });
  expect(traceIdsOf(state)).toMatchObject({ traceId: TRACE, parentId: PARENT });
});

it.each([
  ['it came with none', { request: { rawHeaders: ['Host', 'x', 'Traceparents', TRACEPARENT] } }],
  ['it was asked for before', { headers: { traceparent: TRACEPARENT }, trace: {} }],
])('a request has nothing of its head where %s', (_, fields) => {
  expect(ended(fields).headers).toBeUndefined();
});

it('a request that nobody follows has nothing of its head', () => {
  expect(ended({ headers: { traceparent: TRACEPARENT } }, false).headers).toBeUndefined();
});
