/** Node's own server and nothing on it: the least a request can cost. */
import { createServer } from 'node:http';

export async function createApp() {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    response.end('Hello, world\n');
  });
  return { server };
}
