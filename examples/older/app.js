/**
 * The application of the matrix of older versions: a library's work (a file of work/) done once for each request. It
 * says how much of each kind was done when it is told to end.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { WORK } from './work.js';

const require = createRequire(import.meta.url);
const [name, loading] = process.argv.slice(2);
const load = async (library) => (loading === 'cjs' ? require(library) : import(library));
/** What a CommonJS library exports, however it was loaded. */
const whole = (library) => library.default ?? library;

const { perRequest, once = {}, work, close } = await WORK[name]({ load, whole, env: process.env });
let requests = 0;
const server = createServer(async (request, response) => {
  requests += 1;
  try {
    await work(request, response);
  } catch (error) {
    console.error(error);
    response.statusCode = 500;
  }
  if (!response.writableEnded) response.end();
});
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
process.once('SIGTERM', async () => {
  await close?.();
  server.close();
  const done = Object.entries(perRequest).map(([metric, count]) => [metric, count * requests]);
  console.log(`done ${JSON.stringify({ ...Object.fromEntries(done), ...once })}`);
  // A client of some library goes on trying.
  setImmediate(() => process.exit());
});
