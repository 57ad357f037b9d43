/** A server of node:http alone: paths are normalised. */
import { createServer } from 'node:http';
import { handle } from './plain-handler.js';

const server = createServer(handle).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
