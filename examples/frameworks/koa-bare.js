/** Koa without a router: paths are named as for a plain server. */
import Koa from 'koa';

const app = new Koa();
app.use((ctx) => {
  if (ctx.path !== '/missing') ctx.body = ctx.path;
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  console.log(`listening on ${server.address().port}`);
});
