/** The alternatives that Tachograph is compared with. One row is one file beside this one; nothing else names them. */
import { ddTrace } from './dd-trace.js';
import { elastic } from './elastic.js';
import { openTelemetry } from './opentelemetry.js';
import { promClient } from './prom-client.js';
import { sentry } from './sentry.js';

/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {Readonly<Record<string, string>>} packages Exact versions, the newest that run on every Node.js we measure.
 * @property {string} preload File in preloads/, given to `--import`.
 * @property {(sinkUrl: string) => Record<string, string>} env
 * @property {import('../sinks/sink.js').Protocol} protocol
 * @property {number} addedUs About what it adds to a request, so that its runs take as long as others: sizes the runs,
 *   nothing else.
 */

/** @type {readonly Peer[]} From the least to the most it does. */
export const PEERS = [promClient, openTelemetry, ddTrace, elastic, sentry];
