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
/** What writes the JSON of Fastify, and reads its schemas. */
const FASTIFY_PARTS = {
  '3.29.5': { 'fast-json-stringify': '2.7.13' },
  '4.29.1': { 'fast-json-stringify': '5.16.1', '@fastify/ajv-compiler': '3.6.0' },
};
const NEST_PARTS = {
  '11.1.0': {
    '@nestjs/common': '11.1.0',
    '@nestjs/platform-express': '11.1.0',
    'reflect-metadata': '0.2.2',
    rxjs: '7.8.2',
  },
};
const REDIS_CLIENTS = {
  '4.0.6': { '@node-redis/client': '1.0.5' },
  '4.3.1': { '@redis/client': '1.3.0' },
  '4.7.1': { '@redis/client': '1.6.1' },
  '5.0.1': { '@redis/client': '5.0.1' },
  '5.8.0': { '@redis/client': '5.8.0' },
};

/** @type {Readonly<Record<string, Older>>} */
export const OLDER = {
  ioredis: { versions: ['4.14.4', '4.28.5', '5.0.6', '5.11.1'] },
  redis: { versions: ['4.0.6', '4.3.1', '4.7.1', '5.0.1', '5.8.0'], beside: REDIS_CLIENTS },
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
    beside: { '6.0.0': { keyv: '5.0.3' }, '7.0.0': { keyv: '5.6.0' } },
  },
  bullmq: { versions: ['1.91.1', '3.0.0', '4.0.0', '5.0.0', '6.0.0'] },
  amqplib: { versions: ['0.8.0', '0.10.0', '1.0.3'] },
  nats: { versions: ['2.6.1', '2.29.3'] },
  '@nats-io/transport-node': {
    versions: ['3.0.0'],
    beside: { '3.0.0': { '@nats-io/nats-core': '3.0.0' } },
  },
  'node-cron': { versions: ['4.0.0', '4.2.1', '4.5.0'] },
  croner: { versions: ['9.0.0', '10.0.1'] },
  ejs: { versions: ['2.7.4', '3.0.1', '3.1.10', '4.0.1', '5.0.1', '6.0.1'] },
  pug: { versions: ['2.0.4', '3.0.0'] },
  handlebars: { versions: ['3.0.8', '4.0.14', '4.7.0'] },
  nunjucks: { versions: ['3.0.1', '3.2.0'] },
  eta: { versions: ['3.5.0'] },
  // It cannot be required.
  'eta, imported': { library: 'eta', versions: ['4.0.1'], loaded: ['esm'] },
  zod: { versions: ['3.11.6', '3.20.6', '3.22.4', '3.25.76', '4.5.0'] },
  // Imported, it is not seen.
  'zod, required': { library: 'zod', versions: ['4.0.0'], loaded: ['cjs'] },
  joi: { versions: ['17.1.1', '17.13.3', '18.0.1'] },
  yup: { versions: ['0.32.11', '1.0.0', '1.4.0'] },
  ajv: { versions: ['8.0.5'] },
  'class-validator': { versions: ['0.13.2', '0.14.0'] },
  'express-validator': { versions: ['6.15.0', '7.0.1'] },
  passport: { versions: ['0.4.0', '0.6.0'] },
  'express-session': { versions: ['1.15.0'] },
  'cookie-session': { versions: ['2.0.0'] },
  jsonwebtoken: { versions: ['8.5.1', '9.0.0'] },
  jose: { versions: ['4.15.9', '5.9.6'] },
  'fast-jwt': { versions: ['4.0.5', '5.0.6'] },
  'serve-static': {
    versions: ['1.16.2', '2.0.0'],
    beside: { '1.16.2': { send: '0.19.0' }, '2.0.0': { send: '1.0.0' } },
  },
  'express-rate-limit': { versions: ['8.0.0'] },
  'rate-limiter-flexible': { versions: ['2.4.0', '5.0.0'] },
  graphql: { versions: ['14.7.0', '15.10.1', '16.0.0'] },
  'react-dom': {
    versions: ['17.0.2', '18.3.1'],
    beside: { '17.0.2': { react: '17.0.2' }, '18.3.1': { react: '18.3.1' } },
    // Version 17 has no exports to import it by.
    loaded: ['cjs'],
  },
  express: { versions: ['4.16.0', '4.17.1'] },
  'express 5': {
    library: 'express',
    versions: ['5.1.0'],
    beside: { '5.1.0': { router: '2.2.0' } },
  },
  nest: { library: '@nestjs/core', versions: ['11.1.0'], beside: NEST_PARTS },
  // Not beside the suite: its newest version is tried here, too.
  hapi: { library: '@hapi/hapi', versions: ['20.3.0', '21.4.10'] },
  restify: { versions: ['10.0.0'] },
  koa: { versions: ['2.13.0', '2.16.1', '3.0.0'], beside: KOA_ROUTERS },
  fastify: { versions: ['4.20.0', '4.29.1', '5.0.0'], beside: FASTIFY_PARTS },
  'fastify, schemas': { library: 'fastify', versions: ['4.0.0', '4.10.2'] },
  'fastify, routes': {
    library: 'fastify',
    versions: ['3.25.3', '3.29.5'],
    beside: FASTIFY_PARTS,
  },
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
