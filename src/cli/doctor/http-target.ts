/** A destination over HTTP as the doctor asks it, and what is said of it whatever it is. */
import type { HttpDestination } from '../../transport/destination.js';
import type { Network } from '../../transport/network.js';
import { proxyFor } from '../../transport/proxy-for.js';
import { formatSeconds } from '../format-value.js';
import type { Failure, Reply } from './ask.js';
import { connectionTrouble } from './connection-trouble.js';
import { type Finding, ok, trouble } from './finding.js';

export interface HttpTarget {
  readonly destination: HttpDestination;
  /** That stands in between, if one does. */
  readonly proxy: URL | undefined;
}

export async function httpTarget(
  destination: HttpDestination,
  { environment }: Network,
): Promise<HttpTarget> {
  // One that cannot be used is the failure of each request.
  const proxy = await proxyFor(destination.url, environment).catch(() => undefined);
  return { destination, proxy };
}

/** Another path of the collector that takes batches at `…/v1/batches`. */
export function pathBeside({ destination }: HttpTarget, name: string): URL {
  const url = new URL(destination.url);
  url.pathname = url.pathname.replace(/batches$/, name);
  return url;
}

export function failedFinding(failure: Failure, { proxy }: HttpTarget): Finding {
  const { found, todo } = connectionTrouble(failure, proxy);
  const { code } = failure.error;
  return trouble('reach', found, todo, { stage: failure.stage, ...(code ? { code } : {}) });
}

/** @param who what is known of it, as a sentence */
export function reachedFinding(reply: Reply, who: string, { proxy }: HttpTarget): Finding {
  const tookMs = reply.answeredMs - reply.askedMs;
  const by = proxy === undefined ? '' : ` by the proxy ${proxy.origin}`;
  return ok('reach', `${who}${by}, after ${formatSeconds(tookMs / 1000)}`, { tookMs });
}
