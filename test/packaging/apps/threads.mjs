/** Two worker threads, each of which serves; the main thread none. */
import { once } from 'node:events';
import { isMainThread, Worker } from 'node:worker_threads';
import { serve, untilRecorded } from './serve.cjs';

if (isMainThread) {
  await untilRecorded();
  const file = new URL(import.meta.url);
  await Promise.all([1, 2].map(() => once(new Worker(file), 'exit')));
  console.log('done');
} else {
  await serve(5);
}
