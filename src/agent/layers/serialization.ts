/**
 * Response bodies made into text: `res.json` of Express until it sends, and the functions of
 * fast-json-stringify, which Fastify makes of response schemas. Hot path.
 */
import { SERIALIZATION_DURATION } from '../../shared/application-metrics.js';
import { nowMs } from '../clock.js';
import { dressAs } from '../dress-as.js';
import { LAYER } from '../layer.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import type { ProbeHost } from '../probe.js';
import { stateOf } from '../request-state.js';
import { type Timing, timedFunction } from '../timed-call.js';
import type { Method } from './outermost.js';
import { replaceFunction } from './replace-function.js';

const NOT_OPEN = -1;

interface ExpressResponse {
  readonly req?: object;
}

/** For lib/response.js of Express 4 and 5. */
export function patchExpressJson({ exports }: LoadedModule, host: ProbeHost): void {
  const response = (exports ?? {}) as { json?: Method; send?: unknown; render?: unknown };
  const { json } = response;
  // A file of this name may be anybody's.
  if (typeof json !== 'function' || typeof response.send !== 'function') return;
  if (typeof response.render !== 'function') return;
  const series = host.recorder.series(SERIALIZATION_DURATION, ['express']);
  let startMs = NOT_OPEN;
  beforeCall(response, 'send', host.warn, (self: object) => {
    if (startMs === NOT_OPEN) return;
    host.work.endLayer(
      LAYER.serialization,
      stateOf((self as ExpressResponse).req),
      series,
      startMs,
    );
    startMs = NOT_OPEN;
  });
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    startMs = nowMs();
    try {
      return json.apply(this, args);
    } finally {
      // A body that cannot be made into text.
      startMs = NOT_OPEN;
    }
  };
  response.json = dressAs(wrapped as never, json);
}

/** For fast-json-stringify/index.js. */
export function patchFastJsonStringify(loaded: LoadedModule, host: ProbeHost): void {
  const build = loaded.exports as Method;
  if (typeof build !== 'function') return;
  let timing: Timing | undefined;
  loaded.exports = replaceFunction(build, (self, args) => {
    const serializer = build.apply(self, args);
    // In its modes for debugging and for files it gives something else.
    if (typeof serializer !== 'function') return serializer;
    timing ??= createTiming(host);
    return timedFunction(serializer as Method, host, timing);
  });
}

function createTiming(host: ProbeHost): Timing {
  const series = host.recorder.series(SERIALIZATION_DURATION, ['fast-json-stringify']);
  host.context.follow();
  return {
    name: 'serialization, fast-json-stringify',
    onEnd: ({ unit, startMs }) => host.work.endLayer(LAYER.serialization, unit, series, startMs),
  };
}
