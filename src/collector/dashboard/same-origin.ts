/**
 * Whether a request that changes something comes from the dashboard's own page, and not from another
 * page in the same browser (CSRF). Programs that are no browser send none of these headers. Pure.
 */
import { HttpError } from '../http/http-error.js';

/** @throws {HttpError} 403 */
export function checkSameOrigin(headers: Headers): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site !== null ? site === 'same-origin' : origin === null || isOwn(origin, headers)) return;
  throw new HttpError(
    403,
    'other_origin',
    'expected a request from this collector’s own page, got one from another.',
  );
}

/** Whether the headers can only be a browser's own page's: a cookie alone does not say who sent it. */
export function namesOrigin(headers: Headers): boolean {
  return headers.has('sec-fetch-site') || headers.has('origin');
}

function isOwn(origin: string, headers: Headers): boolean {
  const host = URL.canParse(origin) ? new URL(origin).host : '';
  return host !== '' && host === (headers.get('host') ?? '').toLowerCase();
}
