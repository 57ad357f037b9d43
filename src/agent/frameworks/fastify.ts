/**
 * Fastify: a hook of its own on every instance, added before the application's. Refused requests
 * (400 by a schema, 401 by a hook, 404) pass it too, which its tracing channel leaves out. Hot path.
 */
import type { IncomingMessage } from 'node:http';
import { guarded, type Warn } from '../guarded.js';
import { type RouteResolver, setResolver } from '../request-state.js';
import { unlessUnmatched } from './template.js';

interface FastifyRequest {
  readonly raw: IncomingMessage;
  readonly routeOptions?: { readonly url?: string };
  /** Before 4.10; later versions warn when it is read. */
  readonly routerPath?: string;
  readonly [context: symbol]: RouteContext | undefined;
}
/** What Fastify keeps of a route; `url` is undefined in that of a 404. */
interface RouteContext {
  readonly config?: { readonly url?: string };
}
type OnRequest = (request: FastifyRequest, reply: unknown, done: () => void) => void;
interface Initialization {
  readonly fastify: { addHook(name: 'onRequest', hook: OnRequest): unknown };
}

/** Description of the symbol under which a request has its context, since Fastify 3. */
const CONTEXT = 'fastify.context';
/** Name of our hook, by which those of the application are told from it. */
export const OWN_HOOK = 'tachographOnRequest';

/** For the channel `fastify.initialization`. */
export function createOnInitialization(warn: Warn): (message: Initialization) => void {
  const resolver = createResolver();
  const observe = guarded('routes, fastify', warn, (request: FastifyRequest) =>
    setResolver(request.raw, resolver, request),
  );
  const onRequest: OnRequest = (request, _reply, done) => {
    observe(request);
    done();
  };
  Object.defineProperty(onRequest, 'name', { value: OWN_HOOK });
  return ({ fastify }) => {
    fastify.addHook('onRequest', onRequest);
  };
}

/** `routeOptions` makes an object of a dozen members each time it is read: the context is asked. */
function createResolver(): RouteResolver {
  let key: symbol | undefined;
  return ({ visit }, statusCode) => {
    const request = visit as FastifyRequest;
    key ??= Object.getOwnPropertySymbols(request).find(
      ({ description }) => description === CONTEXT,
    );
    // None, or another copy of Fastify's: what is public is asked.
    const config = key === undefined ? undefined : request[key]?.config;
    return unlessUnmatched(config === undefined ? publicUrlOf(request) : config.url, statusCode);
  };
}

function publicUrlOf(request: FastifyRequest): string | undefined {
  return 'routeOptions' in request ? request.routeOptions?.url : request.routerPath;
}
