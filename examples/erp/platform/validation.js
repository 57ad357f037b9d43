/** Checks what a form, a query string or a JSON body brings, all fields at once. */
import { HttpError } from './http-error.js';

/** The largest id of an integer column; beyond it PostgreSQL would answer with an error of its own. */
const ID_MAX = 2_147_483_647;

/**
 * @typedef {{ kind: 'integer', min?: number, max?: number, default?: number }
 *   | { kind: 'text', pattern?: RegExp, lengthMax?: number, default?: string }
 *   | { kind: 'choice', of: readonly string[], default?: string }} Rule
 */

/**
 * @param {Record<string, unknown> | undefined} input
 * @param {Record<string, Rule>} rules
 * @returns {Record<string, any>} Only the fields that have a rule.
 * @throws {HttpError} 400 that names each wrong field.
 */
export function readFields(input, rules) {
  /** @type {Record<string, any>} */
  const values = {};
  /** @type {Record<string, string>} */
  const wrong = {};
  for (const [name, rule] of Object.entries(rules)) {
    const raw = input?.[name];
    if ((raw === undefined || raw === '') && rule.default !== undefined) {
      values[name] = rule.default;
      continue;
    }
    const problem = problemOf(raw, rule);
    if (problem) wrong[name] = problem;
    else values[name] = rule.kind === 'integer' ? Number(raw) : raw;
  }
  if (Object.keys(wrong).length > 0) throw new HttpError(400, 'Please check the input', wrong);
  return values;
}

/**
 * @param {unknown} raw
 * @param {Rule} rule
 * @returns {string | undefined}
 */
function problemOf(raw, rule) {
  switch (rule.kind) {
    case 'integer': {
      const { min = 1, max = ID_MAX } = rule;
      const number = typeof raw === 'string' || typeof raw === 'number' ? Number(raw) : Number.NaN;
      const valid = raw !== '' && Number.isInteger(number) && number >= min && number <= max;
      return valid ? undefined : `expected a whole number from ${min} to ${max}`;
    }
    case 'text': {
      const { pattern = /\S/, lengthMax = 200 } = rule;
      const valid = typeof raw === 'string' && raw.length <= lengthMax && pattern.test(raw);
      return valid ? undefined : `expected text of at most ${lengthMax} characters like ${pattern}`;
    }
    case 'choice':
      return rule.of.includes(String(raw)) ? undefined : `expected one of ${rule.of.join(', ')}`;
  }
}

/**
 * An id from a path.
 * @param {string | undefined} raw
 */
export function readId(raw) {
  return readFields({ id: raw }, { id: { kind: 'integer' } }).id;
}

/** @type {Rule} */
export const PAGE = { kind: 'integer', min: 1, max: 10_000, default: 1 };
