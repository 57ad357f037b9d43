/**
 * Headers of debug-headers.ts on HTTP/2 responses, of the compatibility API and of streams alike: both end in a method
 * of the stream. Its class is not exported, so it is patched when the first stream comes. Nothing is
 * patched unless the option is on.
 */
import type { ServerHttp2Stream } from 'node:http2';
import { debugHeadersOf, type HeadersOf, withHeaders } from './debug-headers.js';
import { guarded } from './guarded.js';
import type { HeaderForm } from './header-form.js';
import { watchHttp2Servers } from './http2-servers.js';
import type { ProbeHost } from './probe.js';
import { replaceMethod } from './replace-method.js';
import { stateOf } from './request-state.js';
import { serverTimingOf } from './server-timing.js';

/** Methods that write a response's head, and where in their arguments the headers are. */
const RESPONDERS = { respond: 0, respondWithFD: 1, respondWithFile: 1 } as const;

/** From now on responses of HTTP/2 say what they cost, or only what browsers need to know. */
export function addHttp2DebugHeaders({ warn }: ProbeHost, isDebug: boolean): void {
  const headersOf = isDebug ? debugHeadersOf : serverTimingOf;
  const prepare = guarded('debug-headers', warn, (head: Head) => addTo(head, headersOf));
  let isPatched = false;
  const patch = guarded('debug-headers', warn, (stream: ServerHttp2Stream) => {
    if (isPatched) return;
    isPatched = true;
    const prototype = Object.getPrototypeOf(stream) as object;
    for (const [name, index] of Object.entries(RESPONDERS)) {
      replaceMethod(
        prototype,
        name,
        (original) =>
          function (...args) {
            prepare({ stream: this as ServerHttp2Stream, args, index });
            return original.apply(this, args);
          },
      );
    }
  });
  watchHttp2Servers(warn, (server) => {
    server.prependListener('stream', patch);
  });
}

interface Head {
  readonly stream: ServerHttp2Stream;
  readonly args: unknown[];
  readonly index: number;
}

function addTo({ stream, args, index }: Head, headersOf: HeadersOf): void {
  const state = stream.headersSent ? undefined : stateOf(stream);
  if (state === undefined) return;
  const given = (args[index] ?? {}) as HeaderForm;
  if (typeof given !== 'object') return;
  const status = Number((given as Record<string, unknown>)[':status'] ?? 200);
  const headers = headersOf(state, status).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  if (headers.length > 0) args[index] = withHeaders(given, headers, () => undefined);
}
