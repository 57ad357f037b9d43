// Listens and never accepts: its thread stands still. Once the queue of the kernel is full, it drops the
// first packet of every further connection, which is then neither made nor refused. Prints its port.
import { createServer } from 'node:net';

createServer().listen(
  { port: Number(process.argv[2] ?? 0), host: '127.0.0.1', backlog: 1 },
  function () {
    process.stdout.write(`${this.address().port}\n`, () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  },
);
