/**
 * The beacon's tag in pages of HTTP/2, as in inject-http1.ts: the compatibility API and streams alike begin
 * an answer by `respond` and write it to their stream. Its class is not exported, so it is patched when
 * the first stream comes; answers from files go past.
 */
import type { ServerHttp2Stream } from 'node:http2';
import type { Options } from '../../shared/options.js';
import { guarded, guardedCall } from '../guarded.js';
import { copyOf, type HeaderForm } from '../header-form.js';
import { watchHttp2Servers } from '../http2-servers.js';
import type { ProbeHost } from '../probe.js';
import { type Method, replaceMethod } from '../replace-method.js';
import { stateOf } from '../request-state.js';
import { PageBody } from './page-body.js';
import { createTagOf, type TagOf } from './page-tag.js';

interface Head {
  readonly stream: ServerHttp2Stream;
  /** Of respond: headers and options. */
  readonly args: unknown[];
}

type Writer = Record<'write' | 'end', Method>;

export function injectBeaconHttp2({ warn }: ProbeHost, options: Options): void {
  const tagOf = createTagOf(options, warn);
  if (tagOf === undefined) return;
  const replaced = guardedCall('beacon', warn, replacedChunk);
  const atHead = guarded('beacon', warn, (head: Head) => {
    const tag = tagFor(head, tagOf);
    if (tag !== undefined) wrapBody(head.stream as unknown as Writer, new PageBody(tag), replaced);
  });
  let isPatched = false;
  const patch = guarded('beacon', warn, (stream: ServerHttp2Stream) => {
    if (isPatched) return;
    isPatched = true;
    replaceMethod(
      Object.getPrototypeOf(stream) as object,
      'respond',
      (respond) =>
        function (...args) {
          atHead({ stream: this as ServerHttp2Stream, args });
          return respond.apply(this, args);
        },
    );
  });
  watchHttp2Servers(warn, (server) => {
    server.prependListener('stream', patch);
  });
}

/** A length that is declared becomes longer by the tag, in a copy of the headers. */
function tagFor({ stream, args }: Head, tagOf: TagOf): Buffer | undefined {
  const state = stream.headersSent ? undefined : stateOf(stream);
  const given = (args[0] ?? {}) as HeaderForm;
  const { endStream } = (args[1] ?? {}) as { endStream?: boolean };
  const headers = state?.callerHeaders();
  if (state === undefined || headers === undefined || endStream || typeof given !== 'object') {
    return undefined;
  }
  const form = copyOf(given);
  const headerOf = (name: string): unknown => {
    const place = form.find(name);
    return place === undefined ? undefined : form.valueAt(place);
  };
  const status = Number(headerOf(':status') ?? 200);
  const tag = tagOf({ method: state.method, headers }, status, headerOf);
  const place = form.find('content-length');
  if (tag === undefined || place === undefined) return tag;
  const length = Number(form.valueAt(place));
  if (length === 0) return undefined;
  form.put(place, String(length + tag.length));
  args[0] = form.copy;
  return tag;
}

/** Of this stream alone. */
function wrapBody(
  stream: Writer,
  page: PageBody,
  replaced: (page: PageBody, args: unknown[], isLast: boolean) => unknown[] | undefined,
): void {
  for (const name of ['write', 'end'] as const) {
    const original = stream[name];
    const value: Method = function (...args) {
      return original.apply(this, replaced(page, args, name === 'end') ?? args);
    };
    Object.defineProperty(stream, name, { value, configurable: true, writable: true });
  }
}

function replacedChunk(page: PageBody, args: unknown[], isLast: boolean): unknown[] {
  const [chunk, encoding, ...rest] = args;
  if (!isLast) return [page.write(chunk, encoding), encoding, ...rest];
  const isAlone = typeof chunk === 'function' || args.length === 0;
  const last = page.end(isAlone ? undefined : chunk, encoding);
  if (last === undefined) return args;
  return isAlone ? [last, ...args] : [last, encoding, ...rest];
}
