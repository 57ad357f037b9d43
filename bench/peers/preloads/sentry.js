/** Runs in a measured process. As the package's guide says for ES modules, every request traced. */
import { markStarted, requirePeer } from './peer-folder.js';

/** Envelopes past 64 that wait are dropped by default; a busy loop makes more between two turns. */
const WAITING_MAX = 1_000_000;
const FLUSH_MS_MAX = 10_000;

const Sentry = requirePeer('@sentry/node');
Sentry.init({ tracesSampleRate: 1, transportOptions: { bufferSize: WAITING_MAX } });
process.once('beforeExit', () => Sentry.flush(FLUSH_MS_MAX));
markStarted('sentry');
