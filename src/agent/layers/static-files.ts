/**
 * Requests that are answered with a file: `send` (serve-static, express.static, res.sendFile) and
 * @fastify/send (@fastify/static). The request is marked here and recorded when it ends. Hot path.
 */
import { STATIC_FILE_DURATION } from '../../shared/application-metrics.js';
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import type { ProbeHost } from '../probe.js';
import { stateOf } from '../request-state.js';
import type { Method } from './outermost.js';
import { replaceFunction } from './replace-function.js';

type Mark = (request: object | undefined) => void;

function createMark(host: ProbeHost, library: string): Mark {
  const series = host.recorder.series(STATIC_FILE_DURATION, [library]);
  return guardedCall(`static-files, ${library}`, host.warn, (request: object | undefined) => {
    const state = stateOf(request);
    if (state !== undefined) state.answerSeries = series;
  });
}

interface SendStream {
  readonly req?: object;
}

/** For send/index.js. The class is not exported: its first instance leads to it. */
export function patchSend(loaded: LoadedModule, host: ProbeHost): void {
  const original = loaded.exports as Method;
  if (typeof original !== 'function') return;
  let mark: Mark | undefined;
  const watch = guardedCall('static-files, send', host.warn, (stream: object) => {
    if (mark !== undefined) return;
    const markFile = createMark(host, 'serve-static');
    mark = markFile;
    // Called once the file is there and may be sent, whole, in part or as 304.
    beforeCall(Object.getPrototypeOf(stream), 'send', host.warn, (self: object) =>
      markFile((self as SendStream).req),
    );
  });
  loaded.exports = replaceFunction(original, (self, args) => {
    const stream = original.apply(self, args);
    watch(stream as object);
    return stream;
  });
}

/** For index.js of @fastify/send, whose function tells what it has found. */
export function patchFastifySend(loaded: LoadedModule, host: ProbeHost): void {
  const original = loaded.exports as Method;
  if (typeof original !== 'function') return;
  let mark: Mark | undefined;
  loaded.exports = replaceFunction(original, async (self, args) => {
    const found = await original.apply(self, args);
    if ((found as { type?: unknown } | undefined)?.type === 'file') {
      mark ??= createMark(host, '@fastify/static');
      mark(args[0] as object);
    }
    return found;
  });
}
