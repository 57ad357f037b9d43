/** Log-in for people: form, session, and the guards of page routers. */
import express from 'express';
import session from 'express-session';
import { passwordMatches } from '../seed/people.js';
import { queryOne } from './database.js';
import { HttpError } from './http-error.js';
import { LruSessionStore } from './session-store.js';
import { readFields } from './validation.js';

/** @param {string} secret */
export function sessions(secret) {
  return session({
    name: 'erp.sid',
    secret,
    store: new LruSessionStore(),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax' },
  });
}

/** @param {import('../server.js').Erp} erp */
export function signInPages(erp) {
  const router = express.Router();

  router.get('/login', (_req, res) => {
    res.render('login', { title: 'Log in', problem: undefined });
  });

  router.post('/login', async (req, res) => {
    const user = await checkCredentials(erp.pool, req.body);
    if (user === undefined) {
      res.status(401).render('login', { title: 'Log in', problem: 'Unknown user or password.' });
      return;
    }
    // A new session id at log-in, so that one planted before it is worthless.
    await new Promise((resolve, reject) =>
      req.session.regenerate((error) => (error ? reject(error) : resolve(undefined))),
    );
    req.session.user = user;
    res.redirect('/');
  });

  router.post('/logout', (req, res) => {
    req.session.destroy(() => res.redirect('/login'));
  });

  return router;
}

/**
 * @param {import('pg').Pool} pool
 * @param {unknown} body
 * @returns {Promise<{ id: number, role: string, name: string } | undefined>}
 */
export async function checkCredentials(pool, body) {
  const { email, password } = readFields(/** @type {Record<string, unknown>} */ (body), {
    email: { kind: 'text', pattern: /^\S+@\S+$/ },
    password: { kind: 'text' },
  });
  const sql = `SELECT u.id, u.role, u.password_hash, e.name
    FROM users u JOIN employees e ON e.id = u.employee_id WHERE u.email = $1`;
  const row = await queryOne(pool, sql, [email]);
  if (row === undefined || !(await passwordMatches(password, row.password_hash))) return undefined;
  return { id: row.id, role: row.role, name: row.name };
}

/**
 * @param {express.Request} req
 * @param {express.Response} res
 * @param {express.NextFunction} next
 */
export function requireUser(req, res, next) {
  if (!req.session.user) {
    res.redirect('/login');
    return;
  }
  res.locals.user = req.session.user;
  next();
}

/**
 * @param {...string} roles Admins may always.
 * @returns {express.RequestHandler}
 */
export function requireRole(...roles) {
  return (_req, res, next) => {
    if (res.locals.user.role === 'admin' || roles.includes(res.locals.user.role)) next();
    else next(new HttpError(403, 'Your role may not do this'));
  };
}
