/**
 * The application of the matrix: an ORM (orms/*.js, copied here as `orm`) behind plain routes, each of which
 * does one small piece of work. The check knows from the database's own count how many queries each sent.
 */
import { createServer } from 'node:http';
import { open } from './orm.js';

let lastNumber = 0;
/** Names that are used once, also by requests at the same time. */
const nextName = () => {
  lastNumber += 1;
  return `name-${lastNumber}`;
};

function routesOf(orm) {
  return {
    // All that a library does once is done then, also what it asks before its first transaction.
    '/warm': async () => {
      await orm.select();
      await orm.transaction(nextName(), nextName());
    },
    '/insert': async () => {
      await orm.insert(nextName());
      await orm.insert(nextName());
    },
    '/select': () => Promise.all([orm.select(), orm.select(), orm.select()]),
    '/join': () => orm.join(),
    '/transaction': () => orm.transaction(nextName(), nextName()),
    '/error': async () => {
      const failed = await orm.insertTaken().then(
        () => false,
        () => true,
      );
      if (!failed) throw new Error('a duplicate key was inserted');
    },
  };
}

await main();

async function main() {
  const orm = await open(JSON.parse(process.env.DATABASE_PLACE));
  const routes = routesOf(orm);
  const server = createServer((request, response) => {
    routes[request.url]().then(
      () => response.end('ok'),
      (error) => {
        console.error(error);
        response.writeHead(500).end();
      },
    );
  });
  server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
  process.once('SIGTERM', async () => {
    server.close();
    await orm.close();
  });
}
