/**
 * react-dom/server: the functions that return a text until they return, a stream until its shell can
 * be sent. Named after the component at the root.
 */
import { nowMs } from '../clock.js';
import { dressAs } from '../dress-as.js';
import { guardedCall } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import type { ProbeHost } from '../probe.js';
import type { TimedCall } from '../timed-call.js';
import type { Method } from './outermost.js';
import { templatesOf } from './templates.js';

const RETURNING = ['renderToString', 'renderToStaticMarkup', 'renderToReadableStream'] as const;
const LIBRARY = 'react-dom';

interface StreamOptions {
  readonly onShellReady?: () => void;
  readonly onShellError?: (error: unknown) => void;
}
type Ended = Pick<TimedCall, 'unit' | 'startMs' | 'error'>;
interface Element {
  readonly type?: { readonly name?: unknown; readonly displayName?: unknown };
}

/** For react-dom/server.node.js. */
export function patchReactServer({ exports }: LoadedModule, host: ProbeHost): void {
  const server = exports as { renderToPipeableStream?: Method };
  const templates = templatesOf(host);
  const timing = templates.timing({ library: LIBRARY, nameOf: ({ args }) => componentOf(args[0]) });
  for (const name of RETURNING) templates.outermost.timeMethod(server, name, timing);
  const { renderToPipeableStream: original } = server;
  if (typeof original !== 'function') return;
  const { work, warn } = host;
  const onEnd = guardedCall(timing.name, warn, (call: Ended, element: unknown) =>
    templates.end(call, LIBRARY, componentOf(element)),
  );
  const wrapped = function (this: unknown, ...args: unknown[]): unknown {
    const [element, given = {}, ...rest] = args as [unknown, StreamOptions?];
    const [unit, startMs] = [work.current(), nowMs()];
    const end = (error: unknown): void => onEnd({ unit, startMs, error }, element);
    const options = {
      ...given,
      onShellReady() {
        end(undefined);
        return given.onShellReady?.call(given);
      },
      onShellError(error: unknown) {
        end(error ?? new Error('rejected'));
        return given.onShellError?.call(given, error);
      },
    };
    return original.call(this, element, options, ...rest);
  };
  server.renderToPipeableStream = dressAs(wrapped as never, original);
}

function componentOf(element: unknown): unknown {
  const type = (element as Element | undefined)?.type;
  return type?.displayName ?? type?.name;
}
