/**
 * `c.json` of Hono: the text and, because one call makes both, the response around it. Each context has
 * a function of its own, which is met when the first handler or middleware of its request is called.
 * Hot path.
 */
import { SERIALIZATION_DURATION } from '../../shared/application-metrics.js';
import { nowMs } from '../clock.js';
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import { createHiddenNumber } from '../hidden-number.js';
import { LAYER } from '../layer.js';
import type { ProbeHost } from '../probe.js';
import { stateOf } from '../request-state.js';
import type { Unit } from '../unit.js';
import {
  type HonoContext,
  type HonoHandler,
  type ObserveHandler,
  observeHonoHandlers,
} from './hono-handlers.js';
import { perHost } from './per-host.js';

type End = (unit: Unit | undefined, startMs: number) => void;

/** For hono.js, preset/quick.js and preset/tiny.js of either build. */
export function patchHonoJson(exports: object, host: ProbeHost): void {
  observeHonoHandlers(exports, host, observerOf(host));
}

const observerOf: (host: ProbeHost) => ObserveHandler = perHost((host) => {
  const series = host.recorder.series(SERIALIZATION_DURATION, ['hono']);
  const title = 'serialization, hono';
  const end = guardedCall<Parameters<End>>(title, host.warn, (unit, startMs) =>
    host.work.endLayer(LAYER.serialization, unit, series, startMs),
  );
  /** On a context that was met: whose one `json` is ours. */
  const met = createHiddenNumber();
  const meet = guardedCall(title, host.warn, (context: HonoContext) => {
    const { json } = context;
    if (met.of(context) !== undefined || typeof json !== 'function') return;
    met.set(context, 1);
    const unit = stateOf(context.env?.incoming);
    // So written it is named as the original is, in a bundle too: to name it would cost more than a call.
    Object.assign(context, {
      json: (object: unknown, arg: unknown, headers: unknown): unknown => {
        const startMs = nowMs();
        const response = json(object, arg, headers);
        end(unit, startMs);
        return response;
      },
    });
  });
  return (handler) => {
    const wrapped: HonoHandler = function (context, next) {
      meet(context);
      return handler.call(this, context, next);
    };
    return dressAs(wrapped as never, handler);
  };
});
