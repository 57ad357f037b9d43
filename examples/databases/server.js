/**
 * The application of the matrix: a driver or an ORM (a file of drivers or orms, copied here as `client`) behind plain
 * routes, each of which does one small piece of work. The check knows from the database's own count how many
 * queries each sent.
 */
import { createServer } from 'node:http';
import { open } from './client.js';

let lastNumber = 0;
/** Names that are used once, also by requests at the same time. */
const nextName = () => {
  lastNumber += 1;
  return `name-${lastNumber}`;
};

function routesOf(client) {
  return {
    // All that a library does once is done then, also what it asks before its first transaction.
    '/warm': async () => {
      await client.select();
      await client.transaction(nextName(), nextName());
    },
    '/insert': async () => {
      await client.insert(nextName());
      await client.insert(nextName());
    },
    '/select': () => Promise.all([client.select(), client.select(), client.select()]),
    '/join': () => client.join(),
    // Of a database within this process.
    '/counted': () => client.counted(),
    '/transaction': () => client.transaction(nextName(), nextName()),
    '/error': async () => {
      const failed = await client.insertTaken().then(
        () => false,
        () => true,
      );
      if (!failed) throw new Error('a duplicate key was inserted');
    },
  };
}

await main();

async function main() {
  const client = await open(JSON.parse(process.env.DATABASE_PLACE));
  const routes = routesOf(client);
  const server = createServer((request, response) => {
    routes[request.url]().then(
      (answer) => response.end(typeof answer === 'number' ? String(answer) : 'ok'),
      (error) => {
        console.error(error);
        response.writeHead(500).end();
      },
    );
  });
  server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
  process.once('SIGTERM', async () => {
    server.close();
    await client.close();
  });
}
