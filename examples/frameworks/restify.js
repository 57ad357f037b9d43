/** Restify: parameters, wildcards, a route that fails, a handler before routing that answers. */
import restify from 'restify';
import { after } from './after.js';

const server = restify.createServer();
const answer = (req, res, next) => {
  res.send({ url: req.url, params: req.params });
  next();
};

server.pre((req, res, next) => {
  if (req.headers['x-blocked'] === undefined) return next();
  res.send(401);
  next(false);
});
server.use(restify.plugins.queryParser());
// Restify's handlers of one route are not middleware: this one lets the others pass at once.
server.use(function takes20ms(req, _res, next) {
  if (req.url === '/timed') after(20, next);
  else next();
});
server.get('/', answer);
server.get('/timed', answer);
server.get('/users/:id', answer);
server.head('/users/:id', answer);
server.post('/users', answer);
server.get('/files/*', answer);
server.get('/api/:org/users/:id', answer);
server.get('/api/:org/boom/:id', (_req, _res, next) => next(new Error('boom')));
server.get('/api/:org/slow/:id', (_req, res, _next) => {
  res.write('begun');
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
