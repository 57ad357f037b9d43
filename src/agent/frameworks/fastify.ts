/**
 * Fastify: a hook of its own on every instance, added before the application's. Refused requests
 * (400 by a schema, 401 by a hook, 404) pass it too, which its tracing channel leaves out. Hot path.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { guardedCall, type Warn } from '../guarded.js';
import { type RouteResolver, setResolver, stateOf } from '../request-state.js';
import { unlessUnmatched } from './template.js';

interface FastifyRequest {
  readonly raw: IncomingMessage;
  readonly routeOptions?: { readonly url?: string };
  /** Before 4.10; later versions warn when it is read. */
  readonly routerPath?: string;
}
interface FastifyReply {
  readonly raw: ServerResponse;
  readonly statusCode: number;
}
type OnRequest = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
interface Initialization {
  readonly fastify: { addHook(name: 'onRequest', hook: OnRequest): unknown };
}

interface FastifyVisit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const fastifyResolver: RouteResolver = (incoming) => {
  const { request, reply } = stateOf(incoming)!.visit as FastifyVisit;
  const url = 'routeOptions' in request ? request.routeOptions?.url : request.routerPath;
  return unlessUnmatched(url, reply.statusCode);
};

/** For the channel `fastify.initialization`. */
export function createOnInitialization(warn: Warn): (message: Initialization) => void {
  const observe = guardedCall('routes, fastify', warn, (request: object, reply: FastifyReply) => {
    const { raw } = request as FastifyRequest;
    setResolver(raw, fastifyResolver, { request, reply });
  });
  const onRequest: OnRequest = (request, reply, done) => {
    observe(request, reply);
    done();
  };
  return ({ fastify }) => {
    fastify.addHook('onRequest', onRequest);
  };
}
