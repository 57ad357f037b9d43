/** Turns an outbound HTTP call that has ended into a record, and a span of its caller's trace; shared by the client probes. */
import { HTTP_CLIENT_REQUEST_DURATION } from '../shared/metrics.js';
import type { Recorder } from './recorder.js';
import { SeriesMap } from './series-map.js';
import type { Unit } from './unit.js';
import type { Work } from './work.js';

export interface CallTarget {
  readonly method: string;
  readonly address: string;
  readonly port: string;
}

/** `statusCode` undefined: no response came. `error` undefined: the response came whole. */
export type RecordCall = (
  target: CallTarget,
  call: { readonly startMs: number; readonly caller: Unit | undefined },
  statusCode: number | undefined,
  error: string | undefined,
) => void;

export function createCallRecorder(recorder: Recorder, work: Work): RecordCall {
  const series = new SeriesMap(recorder, HTTP_CLIENT_REQUEST_DURATION);
  return (target, { startMs, caller }, statusCode, error) => {
    const status = statusCode === undefined ? undefined : `${Math.trunc(statusCode / 100)}xx`;
    const { method, address, port } = target;
    const key = `${method} ${address} ${port} ${status} ${error}`;
    const id = series.id(key, () => [method, address, port, status, error]);
    work.end(caller, id, startMs);
  };
}

/** The port of a URL's authority, or its scheme's own. */
export function portOf(authority: string, protocol: string): string {
  const port = /:(\d+)$/.exec(authority)?.[1];
  return port ?? (protocol === 'https:' ? '443' : '80');
}
