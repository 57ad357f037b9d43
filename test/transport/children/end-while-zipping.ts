/** Ends threads that zip without a pause, at moments of chance: the process is to survive every one. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

const [gzipUrl = '', threads = '0'] = process.argv.slice(2);
const code = `
  const { gzipOfThread } = await import(${JSON.stringify(gzipUrl)});
  const gzip = await gzipOfThread();
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  const bytes = Buffer.alloc(2000, 'abcde');
  parentPort.postMessage('zips');
  for (;;) gzip(bytes);
`;
for (let i = 0; i < Number(threads); i++) {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  await new Promise((resolve) => worker.once('message', resolve));
  await sleep(Math.random() * 5);
  await worker.terminate();
}
console.log('survived');
