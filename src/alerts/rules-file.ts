/**
 * A user's own rules, put in place of the table's: by the option `alertRules`, for thresholds, and by a JSON file,
 * for everything:
 *
 *     { "rules": { "response_time.critical": { "threshold": "3s", "for": "5m" },
 *                  "template_rendering": false } }
 *
 * Pure but for reading the file. What cannot be used is left as the table has it, with a sentence that says what
 * was expected, what came, and how to mend it.
 */
import { readConfigFile } from '../shared/config-file.js';
import { nearestName } from '../shared/nearest-name.js';
import { parseDurationMs } from '../shared/quantities.js';
import { DEFAULT_RULES } from './default-rules.js';
import type { AlertUnit, Rule } from './rule.js';

const SOURCE = 'TACHOGRAPH_ALERT_RULES';
const FILE_SOURCE = 'TACHOGRAPH_ALERT_RULES_FILE';
const EXPECTED_FILE = 'a JSON file with the object "rules"';
const DAY_MS = 86_400_000;

const EXPECTED: Readonly<Record<AlertUnit, string>> = {
  ms: 'a duration such as 300ms or 2s',
  s: 'a duration such as 5m',
  '%': 'a percentage such as 70 or 70%',
  x: 'a multiple such as 14.4',
  number: 'a number',
};

type Change = Partial<Pick<Rule, keyof typeof FIELDS | 'threshold' | 'enabled' | 'takesLimits'>>;

/** Fields of the file: of which key of a rule, how read, and what is expected. */
const FIELDS = {
  forMs: ['for', durationIn(0, DAY_MS), 'a duration up to 24h, such as 5m'],
  clearForMs: ['clearFor', durationIn(0, DAY_MS), 'a duration up to 24h, such as 2m'],
  clearRatio: ['clearRatio', numberIn(0, 1), 'a number from 0 to 1, such as 0.9'],
  samplesMin: ['samplesMin', numberIn(1, 1e9), 'a number of at least 1'],
} as const;

/** @param file path, or empty; @param items of the option, which win over the file */
export function readRules(
  file: string,
  items: readonly string[],
): { readonly rules: readonly Rule[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const changes = new Map<string, Change>();
  const change = (source: string, name: string, value: unknown): void => {
    for (const rule of named(source, name, problems)) {
      const read = changeOf(`${source}, ${rule.name}`, rule, value, problems);
      changes.set(rule.name, { ...changes.get(rule.name), ...read });
    }
  };
  for (const [name, value] of Object.entries(rulesOfFile(file, problems))) {
    change(FILE_SOURCE, name, value);
  }
  for (const item of items) {
    const cut = item.indexOf('=');
    if (cut > 0) change(SOURCE, item.slice(0, cut).trim(), item.slice(cut + 1).trim());
    else problems.push(`${SOURCE}: expected rule=threshold or rule=off, got ${quoted(item)}.`);
  }
  const rules = DEFAULT_RULES.map((rule) => ({ ...rule, ...changes.get(rule.name) }));
  return { rules, problems };
}

function rulesOfFile(path: string, problems: string[]): Readonly<Record<string, unknown>> {
  if (path === '') return {};
  const file = readConfigFile(path);
  let came: string | undefined;
  if (typeof file === 'string') came = file;
  else {
    const [unknown] = Object.keys(file.values).filter((key) => key !== 'rules');
    const { rules = {} } = file.values;
    if (unknown !== undefined) came = `the key ${quoted(unknown)}`;
    else if (isObject(rules)) return rules;
    else came = '"rules" that is no object';
  }
  problems.push(`${FILE_SOURCE}: expected ${EXPECTED_FILE}, got ${came}; it is not used.`);
  return {};
}

/** The rules of a name: one, or all levels of a metric. */
function named(source: string, name: string, problems: string[]): readonly Rule[] {
  const found = DEFAULT_RULES.filter((rule) => rule.name === name || rule.metric === name);
  if (found.length > 0) return found;
  const known = [...new Set(DEFAULT_RULES.flatMap((rule) => [rule.name, rule.metric]))];
  const nearest = nearestName(name, known);
  const hint =
    nearest === undefined ? ' docs/reference/alerts.md lists them.' : ` Did you mean ${nearest}?`;
  problems.push(`${source}: no rule ${quoted(name)}.${hint}`);
  return [];
}

function changeOf(source: string, rule: Rule, value: unknown, problems: string[]): Change {
  if (value === false || value === 'off') return { enabled: false };
  if (value === true || value === 'on') return { enabled: true };
  if (!isObject(value)) return thresholdOf(source, rule, value, problems);
  let change: Change = {};
  const known: Record<string, keyof typeof FIELDS> = {};
  for (const [key, [name]] of Object.entries(FIELDS)) known[name] = key as keyof typeof FIELDS;
  for (const [name, given] of Object.entries(value)) {
    const key = Object.hasOwn(known, name) ? known[name]! : undefined;
    if (name === 'threshold') change = { ...change, ...thresholdOf(source, rule, given, problems) };
    else if (name === 'enabled' && typeof given === 'boolean')
      change = { ...change, enabled: given };
    else if (key === undefined) {
      const expected = ['threshold', 'enabled', ...Object.keys(known)].join(', ');
      problems.push(`${source}: expected ${expected}, got ${quoted(name)}.`);
    } else {
      const [, read, expected] = FIELDS[key];
      const parsed = read(given);
      if (parsed !== undefined) change = { ...change, [key]: parsed };
      else problems.push(`${source}, ${name}: expected ${expected}, got ${quoted(given)}.`);
    }
  }
  return change;
}

/** A threshold of a rule is in force for all groups: limits of single routes are the budgets' to have. */
function thresholdOf(source: string, { unit }: Rule, value: unknown, problems: string[]): Change {
  const threshold = parseThreshold(unit, value);
  if (threshold !== undefined) return { threshold, takesLimits: false, enabled: true };
  problems.push(`${source}: expected ${EXPECTED[unit]}, off or on, got ${quoted(value)}.`);
  return {};
}

function parseThreshold(unit: AlertUnit, value: unknown): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  if (unit === 'ms') return parseDurationMs(text);
  if (unit === 's') {
    const ms = parseDurationMs(text);
    return ms === undefined ? undefined : ms / 1000;
  }
  const digits = text.replace(unit === '%' ? /\s*%$/ : unit === 'x' ? /\s*[x×]$/ : /$/, '');
  return /^\d+(?:\.\d+)?$/.test(digits) ? Number(digits) : undefined;
}

function durationIn(min: number, max: number): (value: unknown) => number | undefined {
  return (value) => {
    const ms = typeof value === 'string' ? parseDurationMs(value) : undefined;
    return ms !== undefined && ms >= min && ms <= max ? ms : undefined;
  };
}

function numberIn(min: number, max: number): (value: unknown) => number | undefined {
  return (value) => (typeof value === 'number' && value >= min && value <= max ? value : undefined);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function quoted(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
