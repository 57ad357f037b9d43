/** What is done with middleware that knows or limits who asks, and with files, by metric and per request. */
import { fileURLToPath } from 'node:url';

const AUTHENTICATIONS = 'tachograph.authentication.duration';
const SESSIONS = 'tachograph.session.duration';
const FILES = 'tachograph.static_file.duration';
const DECISIONS = 'tachograph.rate_limit.decisions';
const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Until it passes the request on. */
const passing = (middleware, request, response) =>
  new Promise((resolve, reject) => {
    middleware(request, response, (error) => (error ? reject(error) : resolve()));
  });

async function passport({ load, whole }) {
  const { Passport, Strategy } = whole(await load('passport'));
  class Anybody extends Strategy {
    name = 'anybody';
    authenticate() {
      this.success({ id: 1 });
    }
  }
  const check = new Passport().use(new Anybody()).authenticate('anybody', {
    // Nobody is logged in.
    assignProperty: 'account',
  });
  return {
    perRequest: { [AUTHENTICATIONS]: 1 },
    work: (request, response) => passing(check, request, response),
  };
}

async function expressSession({ load, whole }) {
  const session = whole(await load('express-session'));
  const middleware = session({ secret: 'key', resave: false, saveUninitialized: true });
  return {
    // It is saved when the response ends.
    perRequest: { [SESSIONS]: 1 },
    work: (request, response) => passing(middleware, request, response),
  };
}

async function cookieSession({ load, whole }) {
  const middleware = whole(await load('cookie-session'))({ keys: ['key'] });
  return {
    perRequest: { [SESSIONS]: 1 },
    async work(request, response) {
      await passing(middleware, request, response);
      request.session.a = 1;
    },
  };
}

async function serveStatic({ load, whole }) {
  const serve = whole(await load('serve-static'))(FOLDER);
  return {
    perRequest: { [FILES]: 1 },
    work: (request, response) =>
      new Promise((resolve, reject) => {
        response.once('finish', resolve);
        request.url = '/requests.js';
        serve(request, response, () => reject(new Error('not found')));
      }),
  };
}

async function expressRateLimit({ load }) {
  const { rateLimit } = await load('express-rate-limit');
  const limit = rateLimit({ limit: 100, validate: false, keyGenerator: () => 'anybody' });
  return {
    perRequest: { [DECISIONS]: 1 },
    work: (request, response) => passing(limit, request, response),
  };
}

async function rateLimiterFlexible({ load, whole }) {
  const { RateLimiterMemory } = whole(await load('rate-limiter-flexible'));
  const limiter = new RateLimiterMemory({ points: 100, duration: 60 });
  return { perRequest: { [DECISIONS]: 1 }, work: () => limiter.consume('anybody') };
}

export const WORK = {
  passport,
  'express-session': expressSession,
  'cookie-session': cookieSession,
  'serve-static': serveStatic,
  'express-rate-limit': expressRateLimit,
  'rate-limiter-flexible': rateLimiterFlexible,
};
