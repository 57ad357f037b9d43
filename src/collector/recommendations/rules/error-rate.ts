/** Rule: routes that fail: answers of 5xx, and exceptions. */
import { inADay, items, percent } from '../words.js';
import { advice, CALLS_MIN, type Rule, routeMeasure } from './rule.js';

const RATIO_MAX = 0.01;
const ERRORS_MIN = 3;
const GRAVE = 0.05;

export const errorRate: Rule = ({ routes, recordedMs }) =>
  routes
    .filter(
      ({ calls, errorRatio }) =>
        calls >= CALLS_MIN && errorRatio > RATIO_MAX && errorRatio * calls >= ERRORS_MIN,
    )
    .map((row) => {
      const where = `${row.method} ${row.route}`.trim();
      const errors = Math.round(row.errorRatio * row.calls);
      return {
        type: 'error_rate',
        subject: where,
        title: `Requests that fail: ${where}`,
        finding: `${percent(row.errorRatio)} of the requests of ${where} fail.`,
        evidence: [`${items(errors, 'failure')} in ${items(row.calls, 'request')}.`],
        // What was done for nothing; what it costs those who asked is not known.
        costPerDay: inADay(row.total * row.errorRatio, recordedMs),
        ...(row.errorRatio >= GRAVE ? { risk: 'degraded' as const } : {}),
        fix: advice(
          `Look at one: tachograph traces --reason error --route "${row.route}". The log of the service at that time has the cause.`,
        ),
        confidence: 'high' as const,
        verification: `Less than ${percent(RATIO_MAX)} fails.`,
        route: where,
        measure: routeMeasure(row.method, row.route),
      };
    });
