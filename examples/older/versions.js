/**
 * What the matrix of check.js tries: versions of libraries older than those that the tests run, oldest first, by the
 * name of their work. Relational drivers and ORMs have a matrix of their own (../databases). Installed on demand.
 */

/**
 * @typedef {object} Older
 * @property {readonly string[]} versions Exact.
 * @property {string} [library] The package, where it is not called as its work is.
 * @property {Readonly<Record<string, Readonly<Record<string, string>>>>} [beside] Other packages, by version; `*` is of all.
 * @property {readonly ('esm' | 'cjs')[]} [loaded] Both unless said.
 */

const KOA_ROUTERS = {
  '2.13.0': { '@koa/router': '9.4.0' },
  '2.16.1': { '@koa/router': '12.0.1' },
  '3.0.0': { '@koa/router': '13.1.0' },
};
const HONO_SERVER = { '*': { '@hono/node-server': '1.8.2' } };

/** @type {Readonly<Record<string, Older>>} */
export const OLDER = {
  ioredis: { versions: ['4.14.4', '4.28.5', '5.0.6'] },
  redis: { versions: ['4.0.6', '4.3.1', '4.7.1'] },
  memjs: { versions: ['1.2.2'] },
  mongodb: { versions: ['4.0.1', '4.17.2', '5.0.1', '6.0.0', '6.20.0', '7.0.0'] },
  mongoose: { versions: ['6.0.5', '7.0.0', '8.0.0'] },
  // Imported, older ones are not seen.
  'lru-cache': {
    versions: ['5.1.1', '6.0.0', '7.18.3', '8.0.5', '9.1.2', '10.4.3', '11.0.0', '11.2.6'],
    loaded: ['cjs'],
  },
  'node-cache': { versions: ['4.2.1', '5.0.2'] },
  keyv: { versions: ['3.1.0', '4.5.4', '5.0.1'] },
  'keyv, several keys': { library: 'keyv', versions: ['4.5.4', '5.0.1'] },
  'cache-manager': {
    versions: ['6.0.0', '7.0.0'],
    beside: { '6.0.0': { keyv: '5.0.1' }, '7.0.0': { keyv: '5.3.3' } },
  },
  bullmq: { versions: ['1.91.1', '3.0.0', '4.0.0', '5.0.0', '6.0.0'] },
  amqplib: { versions: ['0.8.0', '0.10.0', '1.0.3'] },
  nats: { versions: ['2.6.1', '2.29.3'] },
  '@nats-io/transport-node': { versions: ['3.0.0'] },
  'node-cron': { versions: ['4.0.0', '4.2.1', '4.5.0'] },
  croner: { versions: ['9.0.0', '10.0.1'] },
  ejs: { versions: ['2.7.4', '3.0.1', '3.1.10', '4.0.1', '5.0.1', '6.0.1'] },
  pug: { versions: ['2.0.4', '3.0.0'] },
  handlebars: { versions: ['3.0.8', '4.0.14', '4.7.0'] },
  nunjucks: { versions: ['3.0.1', '3.2.0'] },
  eta: { versions: ['3.5.0'] },
  zod: { versions: ['3.11.6', '3.20.6', '3.22.4', '3.25.76'] },
  joi: { versions: ['17.1.1', '17.13.3', '18.0.1'] },
  yup: { versions: ['0.32.11', '1.0.0', '1.4.0'] },
  ajv: { versions: ['8.0.5'] },
  'class-validator': { versions: ['0.13.2', '0.14.0'] },
  'express-validator': { versions: ['6.15.0', '7.0.1'] },
  jsonwebtoken: { versions: ['8.5.1', '9.0.0'] },
  jose: { versions: ['4.15.9', '5.9.6'] },
  'fast-jwt': { versions: ['4.0.5', '5.0.6'] },
  graphql: { versions: ['14.7.0', '15.10.1', '16.0.0'] },
  'react-dom': {
    versions: ['17.0.2', '18.3.1'],
    beside: { '17.0.2': { react: '17.0.2' }, '18.3.1': { react: '18.3.1' } },
    // Version 17 has no exports to import it by.
    loaded: ['cjs'],
  },
  express: { versions: ['4.16.0', '4.17.1'] },
  koa: { versions: ['2.13.0', '2.16.1', '3.0.0'], beside: KOA_ROUTERS },
  fastify: { versions: ['4.20.0', '4.29.1', '5.0.0'] },
  'fastify, schemas': { library: 'fastify', versions: ['4.0.0', '4.10.2'] },
  'fastify, routes': { library: 'fastify', versions: ['3.25.3', '3.29.5'] },
  hono: { versions: ['4.5.11', '4.9.12', '4.12.0'], beside: HONO_SERVER },
  'hono, routes': { library: 'hono', versions: ['3.12.12', '4.0.0'], beside: HONO_SERVER },
};

/**
 * The packages of one version.
 * @param {string} name A row of OLDER.
 * @param {string} version
 */
export function packagesOf(name, version) {
  const { library = name, beside = {} } = OLDER[name];
  return { ...beside['*'], ...beside[version], [library]: version };
}
