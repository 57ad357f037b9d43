/** Times in query strings: ISO 8601, Unix ms, `now`, or relative to now as `-15m`, `-1h30m`, `-7d`. */
import { HttpError } from './http-error.js';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const DURATION = /^(?:\d+(?:ms|[smhdw]))+$/;

/** Unix ms. @throws {HttpError} 400 */
export function parseTime(text: string, name: string, nowMs: number): number {
  if (text === 'now') return nowMs;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const ago = text.startsWith('-') ? durationMs(text.slice(1)) : undefined;
  // Nothing is older than 1970, and months of the years before Christ would be counted for ever.
  if (ago !== undefined) return Math.max(0, nowMs - ago);
  const parsed = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (parsed >= 0) return parsed;
  throw badParameter(name, 'a time: ISO 8601, Unix ms, now, or relative like -15m');
}

/** A step or an age: `10s`, `1m`, `1h`, or ms. @throws {HttpError} 400 */
export function parseDuration(text: string, name: string): number {
  const ms = /^\d{1,12}$/.test(text) ? Number(text) : durationMs(text);
  if (ms !== undefined && ms > 0) return ms;
  throw badParameter(name, 'a duration: 10s, 1m, 1h, 1d, or ms');
}

function durationMs(text: string): number | undefined {
  if (!DURATION.test(text) || text.length > 32) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdw])/g)) {
    total += Number(amount) * (UNIT_MS[unit as string] as number);
  }
  return Number.isSafeInteger(total) ? total : undefined;
}

export function badParameter(name: string, expected: string): HttpError {
  return new HttpError(400, 'bad_parameter', `${name}: expected ${expected}, got something else.`);
}
