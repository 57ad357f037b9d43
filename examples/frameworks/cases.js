/**
 * What a run of one example has to show, case by case: what was expected, what was recorded, and whether
 * that is the same. Used by check.js and by test/frameworks. Pure.
 */
import { NOWHERE } from './expected.js';
import { sum } from './recorded.js';

/**
 * @typedef {{ name: string, msMin: number, isAlone: boolean, isRebound: boolean }} Timed
 * @typedef {{ name: string, expected: string, recorded: string, holds: boolean }} Case
 */

/**
 * @param {{ cases: Record<string, string>, timed?: readonly Timed[] }} example a value of EXPECTED
 * @param run what `drive` gives
 * @param times how often each row was sent
 * @param canRebind whether modules that load can be hooked on the run's Node
 * @returns {Case[]}
 */
export function casesOf({ cases, timed = [] }, { expected, recorded, layers }, times, canRebind) {
  const invented = [...recorded.keys()].filter((key) => !expected.has(key));
  return [
    everyRequest(expected, recorded),
    ...Object.entries(cases).map(([name, key]) =>
      ofKey(name, key, expected, recorded, name === NOWHERE ? invented : []),
    ),
    errorPages(expected, layers),
    ...timed.map((middleware) => ofMiddleware(middleware, layers, times, canRebind)),
  ];
}

function everyRequest(expected, recorded) {
  const keys = new Set([...expected.keys(), ...recorded.keys()]);
  const wrong = [...keys].filter((key) => expected.get(key) !== recorded.get(key));
  const details = wrong.map(
    (key) => `; ${key}: ${recorded.get(key) ?? 0}, not ${expected.get(key) ?? 0}`,
  );
  return {
    name: 'every request',
    expected: `${sum(expected)} on ${expected.size} routes`,
    recorded: `${sum(recorded)} on ${recorded.size} routes${details.join('')}`,
    holds: wrong.length === 0,
  };
}

/** `invented`: routes that nobody asked for. */
function ofKey(name, key, expected, recorded, invented) {
  const [sent = 0, found = 0] = [expected.get(key), recorded.get(key)];
  const more = invented.map((other) => `, ${other}`).join('');
  return {
    name,
    expected: `${sent} × ${key}`,
    recorded: `${found} × ${key}${more}`,
    holds: sent > 0 && found === sent && invented.length === 0,
  };
}

/** Responses of 5xx, which are also counted by themselves. */
function errorPages(expected, layers) {
  const failed = [...expected].filter(([key]) => key.endsWith(' 5xx'));
  const sent = failed.reduce((total, [, count]) => total + count, 0);
  const found = layers.errorPages;
  return {
    name: 'error pages',
    expected: `${sent} × 5xx`,
    recorded: `${found} × 5xx`,
    holds: found === sent,
  };
}

function ofMiddleware({ name, msMin, isAlone, isRebound }, { middleware }, times, canRebind) {
  const { count = 0, minMs = 0, maxMs = 0 } = middleware.get(name) ?? {};
  const recorded =
    count === 0 ? 'nothing' : `${count} × ${name}, ${minMs.toFixed(2)} to ${maxMs.toFixed(2)} ms`;
  if (isRebound && !canRebind) {
    const expected = 'nothing: this Node cannot be hooked';
    return { name: `time of ${name}`, expected, recorded, holds: count === 0 };
  }
  const shortestMs = isAlone ? minMs : maxMs;
  return {
    name: `time of ${name}`,
    expected: isAlone ? `${times} × ${name}, ≥ ${msMin} ms` : `${name}, some of ≥ ${msMin} ms`,
    recorded,
    holds: shortestMs >= msMin && (isAlone ? count === times : count >= times),
  };
}
