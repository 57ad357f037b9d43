/**
 * One user's browser and scanner: keeps cookie and token, sends requests one at a time, and notes each in the
 * tally under the route template it was meant for.
 */
import { request } from 'undici';
import { SEED_PASSWORD } from '../seed/people.js';
import { NO_ANSWER, NO_ROUTE } from './tally.js';

/** Thrown out of a user's flow when the time is over. */
export class RunEnded extends Error {}

/**
 * @typedef {object} Sent
 * @property {number} status
 * @property {string} body
 * @property {string | undefined} location
 */

/**
 * @param {object} options
 * @param {string} options.baseUrl
 * @param {import('undici').Dispatcher} options.dispatcher
 * @param {ReturnType<typeof import('./tally.js').openTally>} options.tally
 * @param {() => boolean} options.ended
 */
export function openBrowser({ baseUrl, dispatcher, tally, ended }) {
  let cookie = '';
  let token = '';

  /**
   * @param {'GET' | 'POST'} method
   * @param {string} route
   * @param {string} path
   * @param {{ form?: Record<string, unknown>, json?: unknown, abortMs?: number }} [options]
   * @returns {Promise<Sent>}
   */
  async function send(method, route, path, { form, json, abortMs } = {}) {
    if (ended()) throw new RunEnded();
    const { headers, body } = payload(form, json);
    if (token && path.startsWith('/api/')) headers.authorization = `Bearer ${token}`;
    else if (cookie) headers.cookie = cookie;
    const signal = abortMs === undefined ? null : AbortSignal.timeout(abortMs);
    try {
      const options = { method, headers, body, dispatcher, signal };
      const response = await request(baseUrl + path, options);
      const text = await response.body.text();
      tally.add(method, route, response.statusCode);
      keepCookie(response.headers['set-cookie']);
      const location = response.headers.location;
      return {
        status: response.statusCode,
        body: text,
        location: typeof location === 'string' ? location : undefined,
      };
    } catch {
      tally.add(method, route, NO_ANSWER);
      if (signal?.aborted) tally.totals.aborted++;
      else tally.totals.errors++;
      return { status: NO_ANSWER, body: '', location: undefined };
    }
  }

  /** @param {string | string[] | undefined} header */
  function keepCookie(header) {
    const first = Array.isArray(header) ? header[0] : header;
    if (first !== undefined) cookie = first.split(';')[0] ?? '';
  }

  return {
    send,
    /** @param {string} email */
    async logIn(email, password = SEED_PASSWORD) {
      const { status } = await send('POST', '/login', '/login', { form: { email, password } });
      return status === 302;
    },
    /** @param {string} email */
    async fetchToken(email) {
      const json = { email, password: SEED_PASSWORD };
      const answer = await send('POST', '/api/v1/auth/token', '/api/v1/auth/token', { json });
      if (answer.status === 200) token = JSON.parse(answer.body).token;
    },
    async logOut() {
      await send('POST', '/logout', '/logout', { form: {} });
      cookie = '';
      token = '';
    },
    /** @param {string} path */
    wrongAddress: (path) => send('GET', NO_ROUTE, path),
    /** The header a bench needs to open pages as this user. */
    cookie: () => cookie,
  };
}

/**
 * @param {Record<string, unknown> | undefined} form
 * @param {unknown} json
 * @returns {{ headers: Record<string, string>, body: string | null }}
 */
function payload(form, json) {
  if (json !== undefined) {
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) };
  }
  if (form === undefined) return { headers: {}, body: null };
  /** @type {[name: string, value: string][]} */
  const fields = Object.entries(form).map(([name, value]) => [name, String(value)]);
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  };
}
