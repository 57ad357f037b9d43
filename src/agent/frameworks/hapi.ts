/** hapi: a request has its route, with the path it was registered with, once it was looked up. Hot path. */
import type { IncomingMessage } from 'node:http';
import type { Warn } from '../guarded.js';
import type { LoadedModule } from '../module-hooks.js';
import { beforeCall } from '../patch-method.js';
import { type RouteResolver, setResolver } from '../request-state.js';
import { unlessUnmatched } from './template.js';

interface HapiRequest {
  readonly raw: { readonly req: IncomingMessage };
  readonly route: { readonly method: string; readonly path: string };
}

/** Of the routes by which hapi itself answers: no such page, a path that cannot be read, a preflight. */
const OWN_METHOD = '_special';

const hapiResolver: RouteResolver = ({ visit }, statusCode) => {
  const { method, path } = (visit as HapiRequest).route;
  return method === OWN_METHOD ? undefined : unlessUnmatched(path, statusCode);
};

/** For @hapi/hapi/lib/request.js. */
export function patchHapi({ exports }: LoadedModule, warn: Warn): void {
  const { prototype } = exports as { prototype?: object };
  beforeCall(prototype, '_execute', warn, (self) => {
    setResolver((self as HapiRequest).raw.req, hapiResolver, self);
  });
}
