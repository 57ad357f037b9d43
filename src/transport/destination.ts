/**
 * Where batches go: the entries of TACHOGRAPH_URL, parsed and checked. Never throws: a bad entry
 * becomes a problem, and the others are used. No message shows credentials or query values.
 */
import { fileURLToPath } from 'node:url';
import { LANES_MAX } from '../shared/control-layout.js';
import { maskedUrl } from '../shared/masked-url.js';
import { parseBytes } from '../shared/quantities.js';
import type { Problem } from '../shared/resolve-options.js';

interface Named {
  /** For people: credentials and query values are masked. */
  readonly label: string;
  /** For the spool folder: the same for the same place, whatever the credentials. */
  readonly key: string;
}

export interface HttpDestination extends Named {
  /** `native` speaks wire format v1, `msgpack` plain maps. */
  readonly kind: 'native' | 'msgpack';
  /** Where to POST; without credentials. */
  readonly url: URL;
  /** `Basic …` from the user and password of the entry, or empty. */
  readonly authorization: string;
}

export interface FileDestination extends Named {
  readonly kind: 'file';
  readonly path: string;
  /** At this size the file is renamed to `<path>.1` and begun anew. */
  readonly bytesMax: number;
}

export interface StdoutDestination extends Named {
  readonly kind: 'stdout';
}

export type Destination = HttpDestination | FileDestination | StdoutDestination;

export interface ParsedDestinations {
  readonly destinations: readonly Destination[];
  readonly problems: readonly Problem[];
}

const BATCHES_PATH = '/v1/batches';
const FILE_BYTES_MAX = 64 * 1024 * 1024;
const FILE_BYTES_MIN = 64 * 1024;
const EXPECTED =
  'http(s)://host:port[/base], msgpack+http(s)://host/path, file:///path.ndjson[?max=64MiB] or stdout:';

/** The usable destinations of the option `url`, at most LANES_MAX, and what is wrong with the rest. */
export function parseDestinations(entries: readonly string[]): ParsedDestinations {
  const destinations: Destination[] = [];
  const problems: Problem[] = [];
  const refuse = (entry: string, why: string): void => {
    const message = `TACHOGRAPH_URL "${maskedUrl(entry)}": ${why}; this destination is not used.`;
    problems.push({ code: 'TACHO_DESTINATION_INVALID', message });
  };
  for (const entry of entries) {
    const parsed = parseDestination(entry.trim());
    if (typeof parsed === 'string') {
      refuse(entry, parsed);
    } else if (destinations.some((other) => other.key === parsed.key)) {
      refuse(entry, 'expected each destination once, got it twice');
    } else if (destinations.length === LANES_MAX) {
      refuse(entry, `expected at most ${LANES_MAX} destinations, got more`);
    } else {
      destinations.push(parsed);
    }
  }
  return { destinations, problems };
}

/** The destination, or the sentence that says what is wrong with the entry. */
function parseDestination(entry: string): Destination | string {
  if (entry === 'stdout:' || entry === 'stdout') {
    return { kind: 'stdout', label: 'stdout:', key: 'stdout' };
  }
  if (!URL.canParse(entry)) return `expected ${EXPECTED}`;
  const url = new URL(entry);
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return parseHttp('native', url);
    case 'msgpack+http:':
    case 'msgpack+https:':
      // The URL class keeps what it does not know as opaque: the inner URL must be parsed by itself.
      return parseMsgpack(entry.slice('msgpack+'.length));
    case 'file:':
      return parseFile(url);
    default:
      return `expected ${EXPECTED}, got the scheme "${url.protocol}"`;
  }
}

function parseMsgpack(inner: string): HttpDestination | string {
  return URL.canParse(inner) ? parseHttp('msgpack', new URL(inner)) : `expected ${EXPECTED}`;
}

function parseHttp(kind: 'native' | 'msgpack', url: URL): HttpDestination | string {
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  if (kind === 'native') {
    if (url.search !== '') return 'expected no query';
    const base = url.pathname.replace(/\/+$/, '');
    url.pathname = base.endsWith(BATCHES_PATH) ? base : base + BATCHES_PATH;
  }
  let authorization = '';
  if (username !== '' || password !== '') {
    const pair = `${unescapePart(username)}:${unescapePart(password)}`;
    authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  }
  return { kind, url, authorization, label: maskedUrl(url.href), key: keyOf(kind, url.href) };
}

function parseFile(url: URL): FileDestination | string {
  if (url.hostname !== '')
    return `expected three slashes (file:///path), got the host "${url.hostname}"`;
  const max = url.searchParams.get('max');
  const bytesMax = max === null ? FILE_BYTES_MAX : parseBytes(max);
  if (bytesMax === undefined || bytesMax < FILE_BYTES_MIN) {
    return 'expected max to be a size of at least 64KiB, such as 64MiB';
  }
  let path: string;
  try {
    path = fileURLToPath(new URL(url.pathname, 'file:///'));
  } catch (error) {
    return `expected the path of a file (${(error as Error).message})`;
  }
  if (path.endsWith('/')) return 'expected the path of a file, got a folder';
  return { kind: 'file', path, bytesMax, label: maskedUrl(url.href), key: keyOf('file', path) };
}

/** Names a folder of the spool. */
function keyOf(kind: string, place: string): string {
  return `${kind}-${place.includes('?') ? hashOfSecret(place) : hashOf(place)}`;
}

/** Of what has a query, which may hold a token. */
function hashOfSecret(place: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(place).digest('hex').slice(0, 16);
}

/** FNV-1a of 64 bits, in hex. Tells a few destinations apart; node:crypto takes 2.4 MB to load. */
function hashOf(place: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(place)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

/** Percent escapes of user and password; a broken one is taken as it stands. */
function unescapePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
