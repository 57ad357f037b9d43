/** Imports the package without the flag, and prints what that changed in this process: nothing. */
import { readdirSync } from 'node:fs';

const threads = () =>
  process.platform === 'linux' ? readdirSync('/proc/self/task').length : undefined;
const state = () => ({
  listeners: process.eventNames().map((name) => [String(name), process.listenerCount(name)]),
  resources: process.getActiveResourcesInfo().sort(),
  threads: threads(),
});

let workers = 0;
process.on('worker', () => {
  workers++;
});
// Loaded here, so that what Node itself does at the first import of a module is not counted.
await import('./serve.cjs');
await new Promise((resolve) => setImmediate(resolve));
const before = state();
await import('tachograph');
await new Promise((resolve) => setImmediate(resolve));
const after = state();
console.log(JSON.stringify({ before, after, workers }));
