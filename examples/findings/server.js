/**
 * The application of the truth suite: the scenarios of one library, each behind a route of its name. What they are
 * is in scenarios/; where their database is, in the environment.
 */
import { createServer } from 'node:http';

const { open } = await import(process.env.FINDINGS_SCENARIOS);
const { scenarios, close } = await open(JSON.parse(process.env.DATABASE_PLACE));

const server = createServer((request, response) => {
  Promise.resolve(scenarios[request.url.slice(1)]()).then(
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
  await close();
});
