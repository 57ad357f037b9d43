/** Express 4: mounted routers with parameters, lists of paths, expressions, a sub-application. */
import express from 'express4';
import { after } from './after.js';

const app = express();
const takes20ms = (_req, _res, next) => after(20, next);
const fail = (status) => Object.assign(new Error(`status ${status}`), { status });
const answer = (req, res) => res.json({ url: req.originalUrl, params: req.params });

// Answered by a middleware before any route.
app.use((req, res, next) => (req.get('x-blocked') ? res.sendStatus(401) : next()));
app.use('/public', (_req, res) => res.send('a file'));
// These mounts overlap with the routers below and let everything pass.
app.use('/api', (_req, _res, next) => next());

app.get('/', answer);
app.get('/users/:id', answer);
app.get('/timed', takes20ms, answer);
app.post('/users', express.json(), answer);
app.get(['/list-a/:x', '/list-b/:y'], answer);
app.get(/^\/number\/(\d+)$/, answer);
app.get('/files/*', answer);
app.all('/any/:id', answer);
app.route('/chain/:id').get(answer).put(answer);
app.get('/skip/:id', (_req, _res, next) => next('route'));
app.get('/skip/:other', answer);
app.get('/slash/', answer);

const members = express.Router({ mergeParams: true });
members.param('memberId', (_req, _res, next, id) => next(id === 'banned' ? fail(403) : undefined));
members.get('/', answer);
members.get('/:memberId', answer);
const teams = express.Router({ mergeParams: true });
teams.use('/:team/members', members);
const api = express.Router({ mergeParams: true });
api.use('/teams', teams);
api.get('/users/:id', answer);
api.get('/boom/:id', () => {
  throw fail(500);
});
api.get('/reject/:id', (_req, _res, next) => {
  setImmediate(next, fail(503));
});
api.get('/slow/:id', (_req, res) => res.write('begun'));
app.use('/api/:org', api);

const admin = express();
admin.get('/panel/:tab', answer);
app.use('/admin', admin);
// Two routers at one place: the first lets pass what it does not know.
const first = express.Router();
first.get('/one', answer);
const second = express.Router();
second.get('/two/:id', answer);
app.use('/shop', first);
app.use('/shop/two', (_req, _res, next) => next());
app.use('/shop', second);

app.use((error, _req, res, _next) => {
  res.status(error.status ?? 500).send(error.message);
});

const server = app.listen(process.env.PORT ?? 3000, '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
