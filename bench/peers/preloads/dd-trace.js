/** Runs in a measured process. As the package's guide says for ES modules; it flushes at the end by itself. */
import { markStarted, peerUrl } from './peer-folder.js';

await import(peerUrl('dd-trace/initialize.mjs'));
markStarted('dd-trace');
