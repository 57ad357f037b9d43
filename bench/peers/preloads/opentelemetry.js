/** Runs in a measured process. As the package's guide says for ES modules; it flushes at the end by itself. */
import { register } from 'node:module';
import { markStarted, peerUrl } from './peer-folder.js';

register(peerUrl('@opentelemetry/instrumentation/hook.mjs'));
await import(peerUrl('@opentelemetry/auto-instrumentations-node/build/src/register.js'));
markStarted('opentelemetry');
