/** For a bench or a script that wants one page and no users: the header that opens it. */
import { request } from 'undici';
import { SEED_PASSWORD, SEED_USERS } from '../seed/people.js';

/**
 * @param {string} baseUrl
 * @param {string} [email] One of SEED_USERS; the administrator by default.
 * @returns {Promise<string>} The value of a cookie header.
 */
export async function signInCookie(baseUrl, email = SEED_USERS[0]?.email ?? '') {
  const response = await request(`${baseUrl}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ email, password: SEED_PASSWORD }).toString(),
  });
  await response.body.dump();
  const cookie = [response.headers['set-cookie'] ?? []].flat()[0]?.split(';')[0];
  if (response.statusCode !== 302 || cookie === undefined) {
    throw new Error(`log-in of ${email}: expected 302 and a cookie, got ${response.statusCode}`);
  }
  return cookie;
}
