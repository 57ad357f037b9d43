/** Runs in a measured process. As the package's guide says for ES modules; it flushes at the end by itself. */
import { register } from 'node:module';
import { markStarted, peerUrl } from './peer-folder.js';

register(peerUrl('elastic-apm-node/loader.mjs'));
await import(peerUrl('elastic-apm-node/start.js'));
markStarted('elastic-apm-node');
