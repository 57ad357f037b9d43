/**
 * The beacon's tag in pages of HTTP/1: what is written to a response that is a page, goes on with the tag
 * in it, and a length that was declared is that much longer. Encoded bodies are not touched. Loaded and
 * patched only where the option asks for it. Runs for each response, and for each chunk that it writes.
 */
import type {
  IncomingMessage,
  OutgoingHttpHeader,
  OutgoingMessage,
  ServerResponse,
} from 'node:http';
import type { Options } from '../../shared/options.js';
import { guarded } from '../guarded.js';
import { copyOf, type HeaderForm } from '../header-form.js';
import { http } from '../late-builtins.js';
import type { ProbeHost } from '../probe.js';
import { replaceMethod } from '../replace-method.js';
import { stateOf } from '../request-state.js';
import { PageBody } from './page-body.js';
import { createTagOf, type HeaderOf, type TagOf } from './page-tag.js';

interface Page {
  readonly body: PageBody;
  /** The length that was declared, and with the tag. */
  readonly length: OutgoingHttpHeader | undefined;
  readonly longer: string;
}

/** Null: looked at, and no page that gets the tag. */
const PAGE = Symbol('tachograph.page');
type Response = ServerResponse<IncomingMessage> & { [PAGE]?: Page | null };

interface Head {
  readonly response: Response;
  /** Of writeHead; where it has headers with a length, they are replaced by a copy. */
  readonly args: unknown[];
}

interface Written {
  readonly message: OutgoingMessage;
  /** Of write or end; the chunk is replaced. */
  readonly args: unknown[];
  readonly isLast: boolean;
}

export function injectBeacon({ warn }: ProbeHost, options: Options): void {
  const tagOf = createTagOf(options, warn);
  if (tagOf === undefined) return;
  const { ServerResponse, OutgoingMessage } = http();
  const atHead = guarded('beacon', warn, (head: Head) => decide(head, tagOf));
  const atRefusal = guarded('beacon', warn, undo);
  const atBody = guarded('beacon', warn, ({ message, args, isLast }: Written) => {
    if (!(message instanceof ServerResponse)) return;
    const response = message as Response;
    // The runtime writes the head itself, when the chunk is already in its hands.
    if (response[PAGE] === undefined) decide({ response, args: [response.statusCode] }, tagOf);
    const page = response[PAGE];
    if (page) replaceChunk(page.body, args, isLast);
  });
  replaceMethod(
    ServerResponse.prototype,
    'writeHead',
    (writeHead) =>
      function (...args) {
        atHead({ response: this as Response, args });
        try {
          return writeHead.apply(this, args);
        } catch (error) {
          atRefusal(this as Response);
          throw error;
        }
      },
  );
  for (const name of ['write', 'end'] as const) {
    replaceMethod(
      OutgoingMessage.prototype,
      name,
      (original) =>
        function (...args) {
          atBody({ message: this as OutgoingMessage, args, isLast: name === 'end' });
          return original.apply(this, args);
        },
    );
  }
}

/** Once, with the head that is about to be written. */
function decide({ response, args }: Head, tagOf: TagOf): void {
  if (response[PAGE] !== undefined || response.headersSent) return;
  response[PAGE] = null;
  // Of a call past the network (Fastify's `inject`, adapters for serverless platforms) the body is taken before
  // it comes here: it would have the length of a tag that it has not.
  if (stateOf(response.req) === undefined) return;
  // writeHead(status, reason, headers), where the reason may be left out.
  const index = typeof args[1] === 'string' || args[2] != null ? 2 : 1;
  const given = args[index] as HeaderForm | null | undefined;
  const form = typeof given === 'object' && given !== null ? copyOf(given) : undefined;
  const headerOf: HeaderOf = (name) => {
    const place = form?.find(name);
    return place === undefined ? response.getHeader(name) : form!.valueAt(place);
  };
  const { method = 'GET', headers } = response.req;
  const tag = tagOf({ method, headers }, Number(args[0]), headerOf);
  const length = headerOf('content-length') as OutgoingHttpHeader | undefined;
  if (tag === undefined || Number(length) === 0) return;
  const longer = String(Number(length) + tag.length);
  if (length !== undefined) {
    const place = form?.find('content-length');
    if (place === undefined) response.setHeader('Content-Length', longer);
    else {
      form!.put(place, longer);
      args[index] = form!.copy;
    }
  }
  response[PAGE] = { body: new PageBody(tag), length, longer };
}

/** The runtime refused the head: what the application answers instead is decided anew. */
function undo(response: Response): void {
  if (response.headersSent) return;
  const page = response[PAGE];
  delete response[PAGE];
  // Of writeHead's own headers too, the first may be set by then.
  if (page?.length !== undefined && response.getHeader('content-length') === page.longer) {
    response.setHeader('Content-Length', page.length);
  }
}

function replaceChunk(page: PageBody, args: unknown[], isLast: boolean): void {
  const [chunk, encoding] = args;
  if (!isLast) {
    args[0] = page.write(chunk, encoding);
    return;
  }
  // end(callback), or nothing at all.
  const isAlone = typeof chunk === 'function' || args.length === 0;
  const last = page.end(isAlone ? undefined : chunk, encoding);
  if (last === undefined) return;
  if (isAlone) args.unshift(last);
  else args[0] = last;
}
