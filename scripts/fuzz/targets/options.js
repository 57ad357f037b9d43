/**
 * The parser of options: lines of `NAME=value`, and after a form feed the configuration file. It never
 * throws; each value is of its row's type and range or the default; no message holds a control character
 * or the token; destinations and proxies are parsed or refused in a sentence.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OPTIONS } from '../../../dist/shared/options.js';
import { formatValue, resolveOptions } from '../../../dist/shared/resolve-options.js';
import { parseDestinations } from '../../../dist/transport/destination.js';
import { proxyFor } from '../../../dist/transport/proxy-for.js';
import { answerKind } from '../answer-kind.js';

/** 16 characters, so that a message with it is no accident. */
const SECRET = 'hunter2-hunter2!';
const URLS = [
  'http://a.example',
  'https://user:pass@10.0.0.1:4600/x',
  'msgpack+http://[fd00::1]/t',
  'file:///tmp/x?max=1MiB',
];
const NO_PROXY = 'NO_PROXY=localhost,.example,10.0.0.0/8,[fd00::1]:80';

/** @type {string | undefined} */
let folder;

/** @type {import('../run-target.js').Target} */
export const options = {
  name: 'options',
  seeds: () =>
    [
      OPTIONS.map((row) => `${row.env}=${row.default}`).join('\n'),
      `TACHOGRAPH_URL=${URLS.join(',')}\nHTTP_PROXY=http://user:pass@proxy:3128\n${NO_PROXY}`,
      'OTEL_RESOURCE_ATTRIBUTES=service.name=a%20b,service.version=1\nOTEL_SDK_DISABLED=true\nDD_ENV=x',
      `TACHOGRAPH_WINDW=10s\f${JSON.stringify(Object.fromEntries(OPTIONS.map((row) => [row.key, row.default])))}`,
    ].map((text) => new TextEncoder().encode(text)),
  async run(input) {
    const [lines = '', file] = new TextDecoder().decode(input).split('\f');
    /** @type {Record<string, string>} */
    const env = { ...environmentOf(lines), TACHOGRAPH_TOKEN: SECRET };
    if (file !== undefined) env.TACHOGRAPH_CONFIG_FILE = written(file);
    const resolved = resolveOptions(env);
    for (const row of OPTIONS) check(row, resolved.options[row.key]);
    const { destinations, problems } = parseDestinations(resolved.options.url);
    const all = [...resolved.problems, ...problems];
    for (const { message } of all) {
      if (/\p{Cc}/u.test(message)) throw new Error('a message holds a control character');
      if (message.includes(SECRET)) throw new Error('a message holds the token');
    }
    const proxies = await Promise.all(destinations.map((destination) => proxyOf(destination, env)));
    // Not of every problem, whose combinations are endless: of the kinds, and the option of the last.
    const codes = new Set(all.map(({ code }) => code));
    const last = knownName(all.at(-1)?.message ?? '');
    return answerKind([...codes, last, ...new Set(proxies)].sort().join('; '));
  },
  close() {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    folder = undefined;
  },
};

/**
 * The option that a message is about.
 * @param {string} message
 */
function knownName(message) {
  return OPTIONS.find(({ env, key }) => message.startsWith(env) || message.includes(`(${key})`))
    ?.key;
}

/** @param {string} lines */
function environmentOf(lines) {
  /** @type {Record<string, string>} */
  const env = {};
  for (const line of lines.split('\n')) {
    const cut = line.indexOf('=');
    // Files that the input names are none of ours to read.
    if (cut > 0 && !/_FILE$|^TACHOGRAPH_CA$/.test(line.slice(0, cut)))
      env[line.slice(0, cut)] = line.slice(cut + 1);
  }
  return env;
}

/** @param {string} text */
function written(text) {
  folder ??= mkdtempSync(join(tmpdir(), 'tacho-fuzz-'));
  const path = join(folder, 'config.json');
  writeFileSync(path, text);
  return path;
}

/**
 * @param {any} row
 * @param {any} value
 */
function check(row, value) {
  const isNumber = Number.isSafeInteger(value) && value >= row.min && value <= row.max;
  const isSound = {
    text: () => typeof value === 'string',
    list: () =>
      Array.isArray(value) &&
      // A list may be empty where that is its default.
      (value.length > 0 || row.default.length === 0) &&
      value.every((item) => typeof item === 'string'),
    switch: () => typeof value === 'boolean',
    choice: () => row.values.includes(value),
    integer: () => isNumber,
    duration: () => isNumber,
    bytes: () => isNumber,
  }[/** @type {'text'} */ (row.type)];
  if (!isSound()) throw new Error(`${row.key} is ${JSON.stringify(value)}`);
  if (typeof formatValue(row, value) !== 'string') throw new Error(`${row.key} has no text`);
}

/**
 * @param {any} destination
 * @param {Record<string, string>} env
 */
async function proxyOf(destination, env) {
  if (destination.url === undefined) return destination.kind;
  try {
    return (await proxyFor(destination.url, env)) === undefined ? 'direct' : 'by proxy';
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    if (!/^HTTPS?_PROXY: expected/.test(message)) throw error;
    return 'refused';
  }
}
