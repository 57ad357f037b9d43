/**
 * From environment and configuration file to options. Never throws: a bad value becomes a problem
 * that says what was expected, what came and what is used instead.
 *
 * Precedence: TACHOGRAPH_* > file named by TACHOGRAPH_CONFIG_FILE > variables of other tools > default.
 */
import type { WarningCode } from './codes.js';
import { type ConfigFile, readConfigFile, textOfValue } from './config-file.js';
import { maskedUrl } from './masked-url.js';
import { nearestName } from './nearest-name.js';
import type { OptionRow, TextRow } from './option-row.js';
import { OPTIONS, type Options, OTHER_VARIABLES } from './options.js';
import { formatBytes, formatDuration, parseBytes, parseDurationMs } from './quantities.js';
import { readSmallFile } from './small-file.js';
import { TOKEN_EXPECTED, tokenFault, tokenOfFile } from './token.js';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Problem {
  readonly code: WarningCode;
  readonly message: string;
}

export interface ResolvedOptions {
  readonly options: Options;
  /** Where each option's value came from: a variable's name, the file's path, or `default`. */
  readonly sources: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

type Value = string | number | boolean | readonly string[];

/** Unknown names that are reported one by one; the rest is counted. */
const UNKNOWN_MAX = 10;

export function resolveOptions(env: Environment): ResolvedOptions {
  const problems: Problem[] = [];
  const sources = new Map<string, string>();
  const values: Record<string, Value> = {};
  const file = openConfigFile(env, problems);

  for (const row of OPTIONS) {
    let value: Value | undefined;
    let used = 'default';
    const refused: string[] = [];
    for (const { source, text, came } of candidates(row, env, file, problems)) {
      value = text === undefined ? undefined : parse(row, text.trim());
      if (value !== undefined) {
        used = source;
        break;
      }
      refused.push(
        `${source}: expected ${expectation(row)}, got ${came ?? shown(row, text ?? '')}`,
      );
    }
    values[row.key] = value ?? row.default;
    sources.set(row.key, used);
    // Said last: what is used instead may come from a weaker source and not be the default.
    for (const what of refused) {
      const message = `${what}; using ${formatValue(row, value ?? row.default) || '(none)'}.`;
      problems.push({ code: 'TACHO_OPTION_INVALID', message });
    }
  }
  reportUnknownVariables(env, problems);
  return { options: values as unknown as Options, sources, problems };
}

/** A value as the user would write it; secrets, and those in URLs, are masked. */
export function formatValue(row: OptionRow, value: unknown): string {
  if (row.secret) return value === '' ? '(none)' : '********';
  switch (row.type) {
    case 'duration':
      return formatDuration(value as number);
    case 'bytes':
      return formatBytes(value as number);
    case 'list':
      return (value as string[]).map(maskedUrl).join(',');
    case 'switch':
      return value ? 'on' : 'off';
    case 'text':
    case 'choice':
    case 'integer':
      return value === '' ? '(none)' : String(value);
  }
}

interface Candidate {
  readonly source: string;
  /** Absent when something came that is no text; `came` then says what. */
  readonly text?: string;
  readonly came?: string;
}

/** The values that were given for a row, the strongest first. */
function* candidates(
  row: OptionRow,
  env: Environment,
  file: ConfigFile | undefined,
  problems: Problem[],
): Generator<Candidate> {
  const own = env[row.env];
  if (own !== undefined && own !== '') yield { source: row.env, text: own };
  if (row.secret) {
    const text = readSecret(`${row.env}_FILE`, env, problems);
    if (text !== undefined) yield { source: `${row.env}_FILE`, text };
  }
  if (file !== undefined && Object.hasOwn(file.values, row.key)) {
    const source = `${file.path} (${row.key})`;
    yield { source, ...textOfValue(file.values[row.key], row.type === 'list') };
  }
  for (const fallback of row.fallbacks ?? []) {
    const text = readFallback(fallback, env);
    if (text !== undefined && text !== '') yield { source: fallback.replace('!', ''), text };
    const secret = row.secret ? readSecret(`${fallback}_FILE`, env, problems) : undefined;
    if (secret !== undefined) yield { source: `${fallback}_FILE`, text: secret };
  }
}

/** `NAME`, `!NAME` (a switch turned round), or `OTEL_RESOURCE_ATTRIBUTES:key`. */
function readFallback(fallback: string, env: Environment): string | undefined {
  if (fallback.startsWith('!')) {
    const text = env[fallback.slice(1)]?.trim().toLowerCase();
    return text === 'true' ? 'off' : undefined;
  }
  const [name = '', key] = fallback.split(':');
  const text = env[name];
  if (key === undefined || text === undefined) return text;
  for (const pair of text.split(',')) {
    const cut = pair.indexOf('=');
    if (cut > 0 && decode(pair.slice(0, cut).trim()) === key) {
      return decode(pair.slice(cut + 1).trim());
    }
  }
  return undefined;
}

/** OTEL_RESOURCE_ATTRIBUTES are percent-encoded; a broken escape is taken as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The value that `text` spells, or undefined when it is not what `expectation` says. */
function parse(row: OptionRow, text: string): Value | undefined {
  switch (row.type) {
    case 'text':
      return row.secret && isUnfit(row, text) ? undefined : text;
    case 'list': {
      const items = text.split(',').map((item) => item.trim());
      const given = items.filter((item) => item !== '');
      const { item: form } = row;
      const isFit = form === undefined || given.every((item) => form.pattern.test(item));
      return given.length > 0 && isFit ? given : undefined;
    }
    case 'switch':
      if (/^(1|true|on|yes)$/i.test(text)) return true;
      return /^(0|false|off|no)$/i.test(text) ? false : undefined;
    case 'choice':
      return row.values.includes(text) ? text : undefined;
    case 'integer':
    case 'duration':
    case 'bytes': {
      const value = parseNumber(row.type, text);
      const isInRange = value !== undefined && value >= row.min && value <= row.max;
      return isInRange ? value : undefined;
    }
  }
}

function isUnfit({ lengthMin = 0 }: TextRow, secret: string): boolean {
  return secret.length < lengthMin || tokenFault(secret) !== undefined;
}

function parseNumber(type: keyof typeof NUMBER_WORDS, text: string): number | undefined {
  if (type === 'duration') return parseDurationMs(text);
  if (type === 'bytes') return parseBytes(text);
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

const NUMBER_WORDS = {
  integer: 'a whole number',
  duration: 'a duration such as 10s or 500ms',
  bytes: 'a size such as 64MiB',
} as const;

function expectation(row: OptionRow): string {
  switch (row.type) {
    case 'text':
      if (row.lengthMin !== undefined) return `${TOKEN_EXPECTED}, ${row.lengthMin} at least`;
      return row.secret ? TOKEN_EXPECTED : 'text';
    case 'list':
      return row.item?.expected ?? 'at least one item, several separated by commas';
    case 'switch':
      return 'on or off';
    case 'choice':
      return `one of ${row.values.join(', ')}`;
    case 'integer':
    case 'duration':
    case 'bytes': {
      const range = `from ${formatValue(row, row.min)} to ${formatValue(row, row.max)}`;
      return `${NUMBER_WORDS[row.type]} ${range}`;
    }
  }
}

function openConfigFile(env: Environment, problems: Problem[]): ConfigFile | undefined {
  const path = env.TACHOGRAPH_CONFIG_FILE;
  if (path === undefined || path === '') return undefined;
  const file = readConfigFile(path);
  if (typeof file === 'string') {
    const expected = 'TACHOGRAPH_CONFIG_FILE: expected a JSON file with an object';
    const message = `${expected}, got ${quote(file)}; it is not used.`;
    problems.push({ code: 'TACHO_OPTION_INVALID', message });
    return undefined;
  }
  const known = OPTIONS.map((row) => row.key);
  const unknown = Object.keys(file.values).filter((key) => !known.includes(key));
  reportUnknown(unknown, known, (key) => `${path}: unknown option ${quote(key)}`, problems);
  return file;
}

/** The first line of a secret's file, or undefined when none is named or it cannot be used. */
function readSecret(name: string, env: Environment, problems: Problem[]): string | undefined {
  const path = env[name];
  if (path === undefined || path === '') return undefined;
  let reason = 'an empty first line';
  try {
    const text = tokenOfFile(readSmallFile(path));
    if (text) return text;
  } catch (error) {
    reason = (error as Error).message;
  }
  const message = `${name}: expected a file whose first line is the secret, got ${quote(reason)}.`;
  problems.push({ code: 'TACHO_OPTION_INVALID', message });
  return undefined;
}

function reportUnknownVariables(env: Environment, problems: Problem[]): void {
  const known = [...OPTIONS.map((row) => row.env), ...OTHER_VARIABLES];
  const unknown = Object.keys(env).filter(
    (name) =>
      name.startsWith('TACHOGRAPH_') &&
      !name.startsWith('TACHOGRAPH_TEST_') &&
      !known.includes(name),
  );
  reportUnknown(unknown, known, (name) => `${clip(name)} is not an option`, problems);
}

function reportUnknown(
  names: readonly string[],
  known: readonly string[],
  describe: (name: string) => string,
  problems: Problem[],
): void {
  const code = 'TACHO_OPTION_UNKNOWN';
  for (const name of names.slice(0, UNKNOWN_MAX)) {
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? '.' : `; did you mean ${nearest}?`;
    problems.push({ code, message: describe(name) + hint });
  }
  if (names.length > UNKNOWN_MAX) {
    const message = `${names.length - UNKNOWN_MAX} more are not options.`;
    problems.push({ code, message });
  }
}

/** What came for a row, in a message: of a secret only what is wrong with it. */
function shown(row: OptionRow, text: string): string {
  return row.secret ? (tokenFault(text.trim()) ?? 'a token') : quote(text);
}

function quote(text: string): string {
  return `"${clip(text)}"`;
}

/** User text in a message: cut, and without control characters. */
function clip(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
  return plain.length > 80 ? `${plain.slice(0, 80)}…` : plain;
}
