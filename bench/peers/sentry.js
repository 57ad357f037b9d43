/** Sentry with every request traced: an envelope for each. */
import { SENTRY } from '../sinks/sentry.js';

/** @type {import('./peers.js').Peer} */
export const sentry = {
  name: 'sentry',
  packages: { '@sentry/node': '11.12.0' },
  preload: 'sentry.js',
  env: (sinkUrl) => ({ SENTRY_DSN: sinkUrl.replace('://', '://public@').concat('/1') }),
  protocol: SENTRY,
  addedUs: 700,
};
