/**
 * The published suites that are run with and without the agent: packages whose tests come with them, on what the
 * agent hooks. Versions are exact, and a suite is only run when its package is the one that was read here. Only
 * what the tests need of a package's own tools is listed: no linters, no types.
 */

export interface Suite {
  readonly name: string;
  readonly version: string;
  /** Of the package, as the registry gives it. */
  readonly integrity: string;
  /** What of it meets the agent. */
  readonly exercises: string;
  readonly needs: Readonly<Record<string, string>>;
  /** Test files, by their path in the package. */
  readonly files: RegExp;
  /** Of those, what needs more than the package: a compiler of its own, the network. */
  readonly except?: RegExp;
  readonly flags?: readonly string[];
  /** A file of ours in place of the package's tests. */
  readonly tests?: URL;
  /** What is to run for it, by its name in scripts/services.js; its URL is in SUITE_URL. */
  readonly service?: string;
}

const TEST_FILES = /^test\/.*\.test\.m?js$/;

export const SUITES: readonly Suite[] = [
  {
    name: 'fastify',
    version: '5.12.8',
    integrity:
      'sha512-moP8exb2sCHLUbJkwp+I6C0padhy4D8lp0SdmzY7HhSdZuqm7O/u3o2aq7u8okaQ//33QDzj3G/u+FsSdB8Qzw==',
    exercises: 'HTTP/1, HTTPS and HTTP/2 servers, routes, async context, diagnostics channels',
    needs: {
      ajv: '8.20.0',
      'ajv-errors': '3.0.0',
      'ajv-formats': '3.0.1',
      'ajv-i18n': '4.2.0',
      'ajv-merge-patch': '5.0.1',
      'fast-json-body': '1.1.0',
      'fastify-plugin': '6.0.1',
      'fluent-json-schema': '6.0.1',
      h2url: '0.2.0',
      'http-errors': '2.0.1',
      joi: '18.3.2',
      JSONStream: '1.3.5',
      'node-forge': '1.4.3',
      proxyquire: '2.1.3',
      split2: '4.2.0',
      undici: '7.30.2',
      vary: '1.1.2',
      yup: '1.7.1',
    },
    files: TEST_FILES,
    except: /^test\/(?:build|bundler)\//,
  },
  {
    name: '@fastify/reply-from',
    version: '12.6.5',
    integrity:
      'sha512-/4MP+iF6T2+UBEmVYveMU2Tbx3lR1Q7xsDo8GAGjNeQrLF/JqNRlOMhOksh8fXBA47KI8ifsIlUXYdMOUXGZNQ==',
    exercises: 'clients: node:http, node:https, node:http2, undici and its pools; time-outs',
    needs: {
      '@fastify/formbody': '9.0.1',
      '@fastify/multipart': '10.1.9',
      '@sinonjs/fake-timers': '15.5.0',
      fastify: '5.12.8',
      'form-data': '4.0.6',
      h2url: '0.2.0',
      nock: '14.0.17',
      proxy: '4.1.0',
      proxyquire: '2.1.3',
      split2: '4.2.0',
    },
    files: TEST_FILES,
  },
  {
    name: '@fastify/http-proxy',
    version: '11.6.3',
    integrity:
      'sha512-yrPdZD9vdBoMtuRhzlTuVpvoyUrqW6/VXqFrSbRBrbUN+x5+PjddnBVbooY7DILZ0QixSuU7a9sG96JVbAbESg==',
    exercises: 'upgrades, WebSockets, socket.io, Express behind a proxy',
    needs: {
      '@fastify/websocket': '11.3.7',
      express: '5.3.0',
      'express-http-proxy': '2.1.2',
      fastify: '5.12.8',
      'http-errors': '2.0.1',
      'http-proxy': '1.18.1',
      pino: '10.4.0',
      'pino-test': '2.0.0',
      'socket.io': '4.8.4',
      'socket.io-client': '4.8.4',
      'why-is-node-running': '3.2.3',
    },
    files: TEST_FILES,
  },
  {
    name: '@fastify/express',
    version: '4.0.7',
    integrity:
      'sha512-8GvmiFueWEMIgQKxrGfxgb1dyyi2Un3uUgCCaoEH2XEwlPgLzRdTBVZfAIX8Te+EnV+Ntc1D8amN6uNex7J9Ag==',
    exercises: 'Express and its router inside Fastify',
    needs: {
      '@fastify/formbody': '8.0.2',
      'body-parser': '1.20.9',
      cors: '2.8.6',
      fastify: '5.12.8',
      helmet: '8.3.0',
      passport: '0.7.0',
      'passport-http-bearer': '1.0.1',
      'serve-static': '2.2.1',
    },
    files: TEST_FILES,
  },
  {
    name: 'light-my-request',
    version: '6.8.1',
    integrity:
      'sha512-20biUK0HAIPG9BZOK3/4s8uVAkAoi1+qW55lciHZCR0puTWipBgyMPEUjqXDWLjsZeqfO6DGsuwW5eyfsTGtyg==',
    exercises: 'requests and responses without a socket, Express',
    needs: {
      '@fastify/ajv-compiler': '4.0.8',
      'end-of-stream': '1.4.5',
      express: '5.3.0',
      'form-auto-content': '3.2.1',
      'form-data': '4.0.6',
      'formdata-node': '6.0.3',
      multer: '2.5.0',
      undici: '7.30.2',
    },
    files: TEST_FILES,
  },
  {
    name: 'avvio',
    version: '9.3.1',
    integrity:
      'sha512-QyTKW61/qlba+cUQBm/sT9X8lri4UdomqSDwCnrnj1IvLVDRRiXRkz4CgBRWB+/cmfC7SK5WQc8T1vSdGvaUcQ==',
    exercises: 'the order of asynchronous start-up, async context, timers',
    needs: {},
    files: TEST_FILES,
  },
  {
    name: 'thread-stream',
    version: '4.2.1',
    integrity:
      'sha512-Stg6edJXC/6/xqGwSXwFokrUhChJ18amEjpKH89WrQQ0oVFDF+pUUcTpiwWhFUrE89Vf16FBOlwhaw+lescxMQ==',
    exercises: 'worker threads, shared memory, ends of processes, uncaught errors',
    needs: {
      desm: '1.3.1',
      'sonic-boom': '5.0.2',
    },
    files: TEST_FILES,
    except: /^test\/(?:pkg\/|ts-|transpiled|bundlers|esm\.test)/,
    flags: ['--expose-gc'],
  },
  {
    name: 'piscina',
    version: '5.3.2',
    integrity:
      'sha512-vv7l/mM7B9WgrhDaudIqv1x6v4LOBRYYmpWGdWushhpbCmVHp11sUB2v4hj1CAeTGXVxuZFz6xOU1RalAiPKfQ==',
    exercises: 'pools of worker threads, async resources, resource limits',
    needs: {
      tsx: '4.23.15',
      'abort-controller': '3.0.0',
      'concat-stream': '2.0.0',
      typescript: '5.8.3',
    },
    files: /^test\/[^/]*test\.ts$/,
    flags: ['--import', 'tsx'],
  },
];
