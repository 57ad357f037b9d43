/** Restify: parameters, wildcards, a route that fails, a handler before routing that answers. */
import restify from 'restify';

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
server.get('/', answer);
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
