/**
 * What starting cost until now: called by the first line of an application. CommonJS, because both kinds of
 * entry can load it at the same price.
 */
const { readFileSync } = require('node:fs');

exports.reportFirstLine = function reportFirstLine() {
  const firstLineMs = performance.timeOrigin + performance.now();
  // A moment of sleep brings the thread's schedstat up to date: it may else be a tick (1–4 ms) old.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.1);
  const schedstat = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8');
  const { marker } = JSON.parse(process.argv[2] ?? '{}');
  console.log(
    JSON.stringify({
      firstLineMs,
      appCpuUs: Number(schedstat.split(' ', 1)[0]) / 1000,
      isMarked: marker !== undefined && Symbol.for(marker) in globalThis,
    }),
  );
};
