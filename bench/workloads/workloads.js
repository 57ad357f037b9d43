/**
 * The applications that are measured. One row is one workload and one file beside this one, which exports
 * `createApp()`: a promise of an `http.Server` that is ready and does not listen yet. A measured process loads
 * the file of its own workload only.
 */

/**
 * @typedef {object} Workload
 * @property {string} name
 * @property {string} file
 * @property {string} path Target of the request; every answer has status 200.
 * @property {number} costUs About what one request costs without the network: sizes the runs, nothing else.
 */

/** @type {readonly Workload[]} */
export const WORKLOADS = [
  { name: 'http-hello', file: 'http-hello.js', path: '/hello', costUs: 12 },
  { name: 'fastify-hello', file: 'fastify-hello.js', path: '/hello', costUs: 15 },
  { name: 'express-json', file: 'express-json.js', path: '/orders/1042', costUs: 100 },
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
 * @returns {Promise<import('node:http').Server>}
 */
export async function createWorkload({ file }) {
  const { createApp } = await import(new URL(file, import.meta.url).href);
  return createApp();
}
