/** A child process by fork; both serve. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { serve, untilRecorded } from './serve.cjs';

await serve(5);
await untilRecorded();
if (process.argv[2] !== 'child') {
  const [code] = await once(fork(fileURLToPath(import.meta.url), ['child']), 'exit');
  console.log(code === 0 ? 'done' : `the child ended with ${code}`);
}
