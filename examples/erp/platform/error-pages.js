/** The last handlers: what was not found, and what went wrong, as a page or as JSON. */
import { HttpError } from './http-error.js';

/** @param {import('express').Request} req */
export function notFound(req) {
  throw new HttpError(404, `There is nothing at ${req.path}`);
}

/**
 * @param {any} error Whatever was thrown.
 * @param {import('express').Request} req
 * @param {import('express').Response} res
 * @param {import('express').NextFunction} next
 */
export function errorPage(error, req, res, next) {
  if (res.headersSent) {
    next(error);
    return;
  }
  const known = error instanceof HttpError;
  // body-parser and Express itself mark their errors with a status too.
  const status = known
    ? error.status
    : error.status >= 400 && error.status < 500
      ? error.status
      : 500;
  const message = known || status < 500 ? error.message : 'Something went wrong on our side';
  const fields = known ? error.fields : {};
  if (status === 500) console.error(`erp: ${req.method} ${req.path} failed: ${error.stack}`);
  res.status(status);
  if (req.path.startsWith('/api/')) res.json({ error: message, fields });
  else res.render('error', { title: String(status), status, message, fields });
}
