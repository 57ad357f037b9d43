/**
 * Real services for tests, demo and bench. One row of SERVICES is one service; nothing else knows their names.
 *
 *   node scripts/services.js start postgres   runs it until Ctrl-C and prints its URL
 *   node scripts/services.js install          installs what is missing (Debian, root)
 *   node scripts/services.js list             says what is found, how, and which version
 *
 * Order: a running server named by the environment, installed programs, a Debian package, a clear error.
 * A started service ends with this process, however this process ends (see services/guard.js).
 */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { alertmanager } from './services/alertmanager.js';
import { ServiceError } from './services/error.js';
import { canInstall, installDebianPackage } from './services/machine.js';
import { mariadb } from './services/mariadb.js';
import { memcached } from './services/memcached.js';
import { nats } from './services/nats.js';
import { postgres } from './services/postgres.js';
import { rabbitmq } from './services/rabbitmq.js';
import { redis, redisNode } from './services/redis.js';

/**
 * @typedef {object} Service
 * @property {string} title
 * @property {string} urlVariable Names a running server; children that get it use the same one.
 * @property {string} debianPackage
 * @property {() => { folder: string, version: string } | undefined} find The programs on this machine.
 * @property {(folder: string) => { debianPackage: string, purpose: string } | undefined} [addition] What else is to be
 *   installed beside the programs, where it is missing; without it the service starts all the same.
 * @property {(url: string) => string} versionAt The version of a running server, or "unknown".
 * @property {(options: { folder: string, dir?: string | undefined }) =>
 *   Promise<{ url: string, stop: () => Promise<void> }>} start
 */

/** @type {Record<string, Service>} */
export const SERVICES = {
  postgres,
  mariadb,
  redis,
  'redis-node': redisNode,
  memcached,
  rabbitmq,
  nats,
  alertmanager,
};

/**
 * @typedef {object} StartedService
 * @property {string} url
 * @property {Record<string, string>} env Give these to a child so that it uses the same server.
 * @property {string} version
 * @property {() => Promise<void>} stop Ends it and removes its data; does nothing to a server named by the environment.
 */

/**
 * @param {string} name A row of SERVICES.
 * @param {{ dir?: string }} [options] dir: where to make the data folder; the system's temporary folder by default.
 * @returns {Promise<StartedService>}
 * @throws {ServiceError} with a code of services/error.js.
 */
export async function startService(name, { dir } = {}) {
  const service = serviceNamed(name);
  const named = process.env[service.urlVariable];
  if (named) {
    const version = service.versionAt(named);
    return { url: named, env: { [service.urlVariable]: named }, version, stop: async () => {} };
  }
  if (service.find() === undefined && canInstall()) installDebianPackage(service.debianPackage);
  const found = service.find();
  if (found === undefined) throw notInstalled(name, service);
  installAddition(service, found.folder);
  const { url, stop } = await service.start({ folder: found.folder, dir });
  return { url, env: { [service.urlVariable]: url }, version: found.version, stop };
}

/** @param {string} name */
function serviceNamed(name) {
  const service = Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined;
  if (service) return service;
  const known = Object.keys(SERVICES).join(', ');
  throw new ServiceError('SERVICE_UNKNOWN', `expected one of ${known}, got "${name}".`);
}

/**
 * @param {string} name
 * @param {Service} service
 */
function notInstalled(name, service) {
  return new ServiceError(
    'SERVICE_NOT_INSTALLED',
    `${service.title} is needed, but ${service.urlVariable} is not set and no programs were found. ` +
      `Set ${service.urlVariable} to a running ${name} server, or install it ` +
      `(Debian: "apt-get install ${service.debianPackage}", or as root "node scripts/services.js install").`,
  );
}

/**
 * @param {Service} service
 * @param {string} folder
 */
function installAddition(service, folder) {
  const addition = service.addition?.(folder);
  if (addition === undefined) return;
  const { debianPackage, purpose } = addition;
  try {
    if (!canInstall()) throw new Error('only root can install it');
    installDebianPackage(debianPackage);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    console.error(`${service.title} starts without ${debianPackage}, ${purpose}: ${message}`);
  }
}

/** @param {string} name */
async function startInForeground(name) {
  const { url, version, stop } = await startService(name);
  console.log(`${name} ${version} at ${url}`);
  console.log(`${serviceNamed(name).urlVariable}=${url}`);
  const keepAlive = setInterval(() => {}, 60_000);
  const end = async () => {
    clearInterval(keepAlive);
    await stop();
    process.exit(0);
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

function install() {
  for (const service of Object.values(SERVICES)) {
    if (service.find() === undefined) {
      console.log(`installing ${service.debianPackage}`);
      if (!canInstall()) throw notInstalled(service.title, service);
      installDebianPackage(service.debianPackage, { output: 'inherit' });
    }
    const found = service.find();
    if (found !== undefined) installAddition(service, found.folder);
  }
  list();
}

function list() {
  for (const [name, service] of Object.entries(SERVICES)) {
    const named = process.env[service.urlVariable];
    const found = service.find();
    if (named)
      console.log(`${name}\trunning (${service.urlVariable})\t${service.versionAt(named)}`);
    else if (found) console.log(`${name}\tinstalled in ${found.folder}\t${found.version}`);
    else console.log(`${name}\tmissing; Debian package ${service.debianPackage}\t-`);
  }
}

/** @param {string[]} args */
async function main([command, name = 'postgres']) {
  if (command === 'start') await startInForeground(name);
  else if (command === 'install') install();
  else if (command === 'list') list();
  else throw new ServiceError('SERVICE_UNKNOWN', 'expected "start NAME", "install" or "list".');
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error instanceof ServiceError ? error.message : error);
    process.exitCode = 1;
  });
}
