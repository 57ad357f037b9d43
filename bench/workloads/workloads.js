/**
 * The applications that are measured. One row is one workload and one file beside this one, which exports
 * `createApp()`. A measured process loads the file of its own workload only.
 */

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} file
 * @property {string} path Target of the request; every answer has status 200.
 * @property {number} costUs About what one request costs without the network: sizes the runs, nothing else.
 * @property {boolean} [needsDatabase] Whether it wants a seeded PostgreSQL (processes/database.js).
 * @property {number} [ratePerSecond] What it can bear where the plan's rate is too much.
 */

/**
 * @typedef {object} Resources What a workload may stand on, given to it in the measured process.
 * @property {string} [databaseUrl] When it needs a database.
 */

/**
 * @typedef {object} App
 * @property {import('node:http').Server} server It is ready and does not listen.
 * @property {Readonly<Record<string, string>>} [headers] For each request.
 * @property {number} [answered] Requests it has answered already; agents report them too.
 * @property {() => unknown} [close] Whatever else is open.
 */

/** Four series each (one of them for calls, which stays empty); with some 60 others just under the 2,000 that are kept. */
export const MANY_ROUTES = 480;

/** @type {readonly Workload[]} */
export const WORKLOADS = [
  { name: 'http-hello', file: 'http-hello.js', path: '/hello', costUs: 12 },
  { name: 'fastify-hello', file: 'fastify-hello.js', path: '/hello', costUs: 15 },
  { name: 'await-heavy', file: 'await-heavy.js', path: '/awaits', costUs: 30 },
  { name: 'many-routes', file: 'many-routes.js', path: '/routes/7', costUs: 15 },
  { name: 'express-json', file: 'express-json.js', path: '/orders/1042', costUs: 100 },
  {
    name: 'erp-order-page',
    file: 'erp-order-page.js',
    path: '/sales/orders/12',
    costUs: 2500,
    needsDatabase: true,
    ratePerSecond: 60,
  },
];

/**
 * @param {string} name A row of WORKLOADS.
 * @returns {Workload}
 */
export function workloadNamed(name) {
  const workload = WORKLOADS.find((row) => row.name === name);
  if (workload === undefined) throw new Error(`no workload ${name}`);
  return workload;
}

/**
 * The application of a workload, in the process that serves it.
 *
 * @param {Workload} workload
 * @param {Resources} [resources]
 * @returns {Promise<App>}
 */
export async function createWorkload({ file }, resources = {}) {
  const { createApp } = await import(new URL(file, import.meta.url).href);
  return createApp(resources);
}

/**
 * The bytes of one request, for a socket.
 *
 * @param {Workload} workload
 * @param {App} app
 * @returns {Buffer}
 */
export function requestOf({ path }, { headers = {} }) {
  const lines = Object.entries({
    Host: 'bench.test',
    'User-Agent': 'bench',
    Accept: '*/*',
    Connection: 'keep-alive',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
}
