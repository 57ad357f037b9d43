/**
 * One user of the ERP: sessions of a role, one after the other, until the run's time is over. The same seed
 * and index give the same decisions.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { SEED_USERS } from '../seed/people.js';
import { openBrowser, RunEnded } from './browser.js';
import { seededRandom } from './random.js';
import { FLOWS } from './roles.js';
import { NO_ANSWER, NO_ROUTE } from './tally.js';

/** Who works here, in the proportion in which they use the system. */
const STAFF =
  'sales warehouse accountant sales quality hr sales warehouse planner purchasing admin'.split(' ');
const FAILED_LOGIN_SHARE = 0.08;
const WRONG_ADDRESS_SHARE = 0.01;

/**
 * @typedef {object} Run
 * @property {string} baseUrl
 * @property {import('undici').Agent} dispatcher
 * @property {ReturnType<typeof import('./tally.js').openTally>} tally
 * @property {AbortSignal} stop
 * @property {number} thinkMs
 * @property {boolean} aborts
 * @property {ReturnType<typeof import('../seed/rows.js').rowCounts>} counts
 * @property {() => boolean} mayOverDeliver
 */

/**
 * Sessions of one user, until the time is over.
 * @param {Run} run
 * @param {number} index
 * @param {number} seed
 */
export async function useErp(run, index, seed) {
  const role = STAFF[index % STAFF.length] ?? 'sales';
  const email = SEED_USERS.find((user) => user.role === role)?.email ?? '';
  const flow = FLOWS[role];
  if (flow === undefined) throw new Error(`no flow for the role ${role}`);
  const random = seededRandom(seed * 7919 + index);
  const browser = openBrowser({ ...run, ended: () => run.stop.aborted });
  const user = makeUser(run, browser, random);
  try {
    // Nobody starts to work at the same moment.
    await user.think();
    while (true) await session(user, browser, email, flow);
  } catch (error) {
    if (!(error instanceof RunEnded)) throw error;
  }
}

/**
 * @param {ReturnType<typeof makeUser>} user
 * @param {ReturnType<typeof openBrowser>} browser
 * @param {string} email
 * @param {(user: import('./roles.js').User) => Promise<void>} flow
 */
async function session(user, browser, email, flow) {
  await browser.send('GET', '/login', '/login');
  await browser.send('GET', '/assets/*', '/assets/erp.css');
  await browser.send('GET', '/assets/*', '/assets/erp.js');
  await user.think();
  if (user.chance(FAILED_LOGIN_SHARE)) {
    await browser.logIn(email, 'incorrect donkey');
    // Whoever is not logged in is sent to the log-in page, and a program without a token is refused.
    await browser.send('GET', '/', '/');
    await browser.send('GET', NO_ROUTE, '/api/v1/inventory/valuation');
    await user.think();
  }
  if (!(await browser.logIn(email))) {
    await user.think();
    return;
  }
  await user.open('/');
  await browser.send('GET', '/vendor/*', '/vendor/rxjs.umd.js');
  await browser.fetchToken(email);
  await flow(user);
  await browser.logOut();
}

/**
 * @param {Run} run
 * @param {ReturnType<typeof openBrowser>} browser
 * @param {() => number} random
 */
function makeUser(run, browser, random) {
  async function think() {
    // Exponential, at most four times the mean; a stopped run wakes everybody.
    const pauseMs = run.thinkMs * Math.min(4, -Math.log(1 - random()));
    await sleep(pauseMs, undefined, { signal: run.stop }).catch(() => {});
  }
  const chance = (/** @type {number} */ share) => random() < share;

  return {
    think,
    chance,
    counts: run.counts,
    mayOverDeliver: run.mayOverDeliver,
    id: (/** @type {number} */ count) => 1 + Math.floor(random() * count),
    async open(/** @type {string} */ route, path = route) {
      if (chance(WRONG_ADDRESS_SHARE)) await browser.wrongAddress(`/old${path}`);
      const sent = await browser.send('GET', route, path);
      await think();
      return sent;
    },
    async submit(
      /** @type {string} */ route,
      /** @type {string} */ path,
      /** @type {Record<string, unknown>} */ form = {},
    ) {
      const sent = await browser.send('POST', route, path, { form });
      if (sent.location) await browser.send('GET', routeOfPage(sent.location), sent.location);
      await think();
      return sent;
    },
    async call(
      /** @type {'GET' | 'POST'} */ method,
      /** @type {string} */ route,
      path = route,
      /** @type {unknown} */ json = undefined,
    ) {
      const sent = await browser.send(method, route, path, json === undefined ? {} : { json });
      if (sent.status === NO_ANSWER) await think();
      return sent;
    },
    async abandon(/** @type {string} */ route) {
      if (!run.aborts) return;
      await browser.send('GET', route, route, { abortMs: 5 + Math.floor(random() * 20) });
      await think();
    },
  };
}

/** A redirect leads to the page of one thing: its address ends with the number. @param {string} path */
function routeOfPage(path) {
  return path.replace(/\/\d+$/, '/:id');
}
