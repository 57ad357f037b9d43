/** A server of node:http2 alone, without TLS, by its compatibility API. */
import { createServer } from 'node:http2';
import { handle } from './plain-handler.js';

const server = createServer(handle).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
