/** Two cluster workers; each serves by itself, the primary none. */
import cluster from 'node:cluster';
import { once } from 'node:events';
import { serve, untilRecorded } from './serve.cjs';

if (cluster.isPrimary) {
  const workers = [cluster.fork(), cluster.fork()];
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  await untilRecorded();
  console.log('done');
} else {
  await serve(5);
  await untilRecorded();
  cluster.worker?.disconnect();
}
