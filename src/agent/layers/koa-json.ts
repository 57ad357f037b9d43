/**
 * Bodies that Koa makes into JSON. It does so in a function of its own file, which asks right before
 * whether the response is writable and right after sets its length: what lies between is timed. The
 * time is kept on the response: many are never asked for a length, and are to be let go. Hot path.
 */
import type { ServerResponse } from 'node:http';
import { SERIALIZATION_DURATION } from '../../shared/application-metrics.js';
import { nowMs } from '../clock.js';
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import { createHiddenNumber } from '../hidden-number.js';
import { LAYER } from '../layer.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import { stateOf } from '../request-state.js';

interface KoaResponse {
  readonly body?: unknown;
  readonly req?: object;
  readonly res?: ServerResponse;
}

/** Of what Koa sends as it is, but for buffers and Node's streams. */
const SENT_TAGS: ReadonlySet<unknown> = new Set(['Blob', 'File', 'ReadableStream', 'Response']);
const NOT_ASKED = -1;

/** For koa/lib/response.js: the prototype of responses. */
export function patchKoaJson({ exports }: LoadedModule, host: ProbeHost): void {
  const prototype = (exports ?? {}) as object;
  const writable = Object.getOwnPropertyDescriptor(prototype, 'writable');
  const length = Object.getOwnPropertyDescriptor(prototype, 'length');
  const [get, set] = [writable?.get, length?.set];
  if (get === undefined || set === undefined) return;
  const series = host.recorder.series(SERIALIZATION_DURATION, ['koa']);
  const askedMs = createHiddenNumber();
  const begin = guardedCall('serialization, koa', host.warn, (response: KoaResponse) => {
    askedMs.set(response, becomesText(response.body) ? nowMs() : NOT_ASKED);
  });
  const end = guardedCall('serialization, koa', host.warn, (response: KoaResponse) => {
    const startMs = askedMs.of(response) ?? NOT_ASKED;
    if (startMs === NOT_ASKED) return;
    askedMs.set(response, NOT_ASKED);
    // A request that fails asks, too, and then sets the length of a text.
    if (!isJson(response.res)) return;
    host.work.endLayer(LAYER.serialization, stateOf(response.req), series, startMs);
  });
  const isWritable = function (this: KoaResponse): unknown {
    begin(this);
    return get.call(this);
  };
  const setLength = function (this: KoaResponse, ...args: [unknown]): void {
    end(this);
    set.apply(this, args);
  };
  Object.defineProperties(prototype, {
    writable: { ...writable, get: dressAs(isWritable, get) },
    length: { ...length, set: dressAs(setLength, set) },
  });
}

function isJson(response: ServerResponse | undefined): boolean {
  return String(response?.getHeader('content-type')).includes('json');
}

function becomesText(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return false;
  const { pipe, [Symbol.toStringTag]: tag } = body as {
    pipe?: unknown;
    [Symbol.toStringTag]?: unknown;
  };
  return typeof pipe !== 'function' && !SENT_TAGS.has(tag);
}
