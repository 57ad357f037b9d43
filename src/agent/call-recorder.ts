/** Turns an outbound HTTP call that has ended into a record; shared by the client probes. */
import { HTTP_CLIENT_REQUEST_DURATION } from '../shared/metrics.js';
import { nowMs } from './clock.js';
import type { Recorder } from './recorder.js';

/** Keys remembered; the map is emptied when it is full, the recorder's own table is what bounds. */
const KEYS_MAX = 1000;

export interface CallTarget {
  readonly method: string;
  readonly address: string;
  readonly port: string;
}

/** `statusCode` undefined: no response came. `error` undefined: the response came whole. */
export type RecordCall = (
  target: CallTarget,
  startMs: number,
  statusCode: number | undefined,
  error: string | undefined,
) => void;

export function createCallRecorder(recorder: Recorder): RecordCall {
  const ids = new Map<string, number>();
  return (target, startMs, statusCode, error) => {
    const durationUs = Math.round((nowMs() - startMs) * 1000);
    const status = statusCode === undefined ? undefined : `${Math.trunc(statusCode / 100)}xx`;
    const { method, address, port } = target;
    const key = `${method} ${address} ${port} ${status} ${error}`;
    let id = ids.get(key);
    if (id === undefined) {
      id = recorder.series(HTTP_CLIENT_REQUEST_DURATION, [method, address, port, status, error]);
      if (ids.size >= KEYS_MAX) ids.clear();
      ids.set(key, id);
    }
    recorder.record(id, durationUs);
  };
}

/** The port of a URL's authority, or its scheme's own. */
export function portOf(authority: string, protocol: string): string {
  const port = /:(\d+)$/.exec(authority)?.[1];
  return port ?? (protocol === 'https:' ? '443' : '80');
}
