/**
 * What pages of anybody may reach: the script, and where it sends. Not added until a key and an origin
 * are configured. The cheap refusals come first; who sent is used for the rate and
 * not kept. docs/reference/api.md describes the answers.
 */
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, Hono } from 'hono';
import type { BeaconIntake } from '../beacon/beacon-intake.js';
import { createScriptServer } from '../beacon/beacon-script.js';
import type { BeaconSites } from '../beacon/beacon-sites.js';
import { readBeaconBody } from '../beacon/read-beacon-body.js';
import { readView } from '../beacon/read-view.js';
import type { RateLimit } from '../ingest/rate-limit.js';
import { HttpError } from './http-error.js';
import { networkOf } from './network-of.js';

export interface BeaconRouteOptions {
  readonly sites: BeaconSites;
  readonly intake: BeaconIntake;
  /** Of an address or IPv6 network, and of all together. */
  readonly perSender: RateLimit;
  readonly overall: RateLimit;
  /** Addresses that only the total limits: a proxy on this machine has everybody's. */
  readonly isExempt: (address: string) => boolean;
}

const EVERYONE = 'everyone';
/** How long a browser remembers that it may send. */
const PREFLIGHT_SECONDS = 86_400;

export function addBeaconRoutes(app: Hono, options: BeaconRouteOptions): void {
  const { sites, intake } = options;
  const serve = createScriptServer();
  app.get('/tachograph.js', (context) => serve(context.req.raw));
  app.use('/v1/beacon', async (context, next) => {
    const origin = originOf(context, sites);
    await next();
    context.header('access-control-allow-origin', origin);
    context.header('vary', 'origin');
  });
  app.options('/v1/beacon', (context) => {
    context.header('access-control-allow-methods', 'POST');
    context.header('access-control-allow-headers', 'content-type');
    context.header('access-control-max-age', String(PREFLIGHT_SECONDS));
    return context.body(null, 204);
  });
  app.post('/v1/beacon', async (context) => {
    const service = sites.services.get(context.req.query('key') ?? '');
    if (service === undefined) {
      const message = 'expected a key of this collector as ?key=…, got none or another.';
      throw new HttpError(403, 'wrong_key', message, { close: true });
    }
    takeTurn(context, service, options);
    const text = await readBeaconBody(context.req.raw);
    intake.take(service, readView(text), text.length);
    return context.body(null, 204);
  });
}

function originOf(context: Context, { origins }: BeaconSites): string {
  const origin = context.req.header('origin') ?? '';
  if (origins.has(origin)) return origin;
  const message = 'expected the Origin of a site that --beacon-origin names, got none or another.';
  throw new HttpError(403, 'wrong_origin', message, { close: true });
}

/** @throws {HttpError} 429 */
function takeTurn(
  context: Context,
  service: string,
  { intake, perSender, overall, isExempt }: BeaconRouteOptions,
): void {
  const address = getConnInfo(context).remote.address ?? '';
  const sender = networkOf(address) ?? address;
  const waitSeconds = (isExempt(address) ? 0 : perSender(sender)) || overall(EVERYONE);
  if (waitSeconds === 0) return;
  intake.refuse(service, 'too_many');
  throw new HttpError(429, 'too_many_beacons', 'more beacons than one may send; wait.', {
    retryAfterSeconds: waitSeconds,
    close: true,
  });
}
