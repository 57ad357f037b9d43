/** Log-in for programs: a JSON Web Token for a password, and the guard of the API. */
import express from 'express';
import jwt from 'jsonwebtoken';
import { HttpError } from './http-error.js';
import { checkCredentials } from './sign-in.js';

const TOKEN_SECONDS = 900;

/** @param {import('../server.js').Erp} erp */
export function tokenApi(erp) {
  const router = express.Router();
  router.post('/token', async (req, res) => {
    const user = await checkCredentials(erp.pool, req.body);
    if (user === undefined) throw new HttpError(401, 'Unknown user or password');
    const claims = { sub: String(user.id), role: user.role, name: user.name };
    const token = jwt.sign(claims, erp.secret, { algorithm: 'HS256', expiresIn: TOKEN_SECONDS });
    res.json({ token, expiresInSeconds: TOKEN_SECONDS });
  });
  return router;
}

/**
 * @param {import('../server.js').Erp} erp
 * @returns {express.RequestHandler}
 */
export function requireToken(erp) {
  return (req, res, next) => {
    const token = /^Bearer (\S+)$/.exec(req.get('authorization') ?? '')?.[1];
    if (token === undefined) throw new HttpError(401, 'Expected an "Authorization: Bearer" header');
    try {
      const claims = /** @type {jwt.JwtPayload} */ (
        jwt.verify(token, erp.secret, { algorithms: ['HS256'] })
      );
      res.locals.user = { id: Number(claims.sub), role: claims.role, name: claims.name };
    } catch {
      throw new HttpError(401, 'The token is invalid or has expired');
    }
    next();
  };
}
