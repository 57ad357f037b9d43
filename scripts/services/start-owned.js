/**
 * Starts a service of our own: an own folder and a free loopback port for each attempt, guarded so that it
 * cannot outlive us. Owns nothing afterwards but what it returns. Bounded: ATTEMPTS_MAX times READY_MS_MAX.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { becameReady, logTail } from './became-ready.js';
import { ServiceError } from './error.js';
import { runGuarded } from './guard.js';
import { freePort, makeOwnedFolder, unprivilegedUser } from './machine.js';

/** A free port may be taken between our look and the server's bind. */
const ATTEMPTS_MAX = 3;

/**
 * @typedef {object} Place What an attempt has for itself.
 * @property {string} folder
 * @property {number} port
 */

/**
 * @typedef {object} Plan
 * @property {string} command
 * @property {string[]} args
 * @property {string} url
 * @property {(state: { log: () => string, running: () => boolean }) => boolean | Promise<boolean>} isReady
 *   May throw while nothing is there yet. `log` reads what the service has said so far.
 */

/**
 * @param {object} options
 * @param {string} options.title For people.
 * @param {string} options.name Of the folder.
 * @param {string[]} options.users Who shall run it where we are root: the first of them that exists.
 * @param {string} options.programs Where they lie.
 * @param {string | undefined} options.dir Where to make the folder.
 * @param {NodeJS.Signals} [options.stopSignal]
 * @param {(place: Place) => Plan | Promise<Plan>} plan Called for each attempt.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 * @throws {ServiceError} when it did not become ready.
 */
export async function startOwned(options, plan) {
  const { title, name, users, programs, dir, stopSignal = 'SIGTERM' } = options;
  const user = unprivilegedUser(users);
  let reason = '';
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
    const folder = makeOwnedFolder({ name, parent: dir, user });
    const { command, args, url, isReady } = await plan({ folder, port: await freePort() });
    const logFile = join(folder, 'server.log');
    const guarded = runGuarded({ command, args, stopSignal, folder, logFile, user });
    const state = { log: () => readFileSync(logFile, 'utf8'), running: guarded.running };
    if (await becameReady(guarded, () => isReady(state))) return { url, stop: guarded.stop };
    reason = logTail(logFile);
    await guarded.stop();
  }
  throw new ServiceError(
    'SERVICE_START_FAILED',
    `${title} from ${programs} was not ready after ${ATTEMPTS_MAX} attempts. Its log ends: ${reason || '(empty)'}`,
  );
}
