/** Calls that are not over when their request is: its trace tells of them all the same. Real servers. */
import { expect, it } from 'vitest';
import { type Line, PATIENT, runApp } from '../../support/run-app.js';
import { spansOf } from '../../support/spans-of.js';
import { NODES, runningService } from './served.js';

const postgres = runningService('postgres');
const redis = runningService('redis');

/** Without the numbers of ports, and what has no text of its own (the wait for the pool). */
function callsIn(line: Line | undefined, isOpen: boolean): string[] {
  return spansOf(line)
    .filter((span) => (span.isOpen ?? false) === isOpen)
    .map(({ name, attributes }) =>
      name === 'http.client.request.duration'
        ? `${attributes['http.request.method']} ${attributes['server.address']}`
        : (attributes['db.query.text'] ?? attributes['db.operation.name'] ?? ''),
    )
    .filter((call) => call !== '')
    .sort();
}

it.each(NODES)(
  'on $version a trace has the calls that were not over when its request ended',
  async ({ node }) => {
    const { code, stderr, lines } = await runApp('unfinished.mjs', {
      node,
      timeoutMs: 120_000,
      env: {
        ...PATIENT,
        DATABASE_URL: postgres.url,
        TEST_REDIS_URL: redis.url,
        TACHOGRAPH_SLOW_RESPONSE: '1ms',
      },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const traceOf = (route: string): Line | undefined =>
      lines.find((line) => line.name === 'tachograph.trace' && line['http.route'] === route);
    for (const route of ['/answered', '/aborted']) {
      const trace = traceOf(route);
      expect([route, callsIn(trace, true)]).toEqual([
        route,
        ['BLPOP', 'GET 127.0.0.1', 'GET 127.0.0.1', 'SELECT pg_sleep(?)'],
      ]);
      expect(callsIn(trace, false)).toContain('SELECT ? AS one');
      const ends = spansOf(trace).map(({ startUs, durationUs }) => startUs + durationUs);
      expect(Math.max(...ends)).toBe(Number(trace?.['tachograph.trace.duration_us']));
    }
    expect(traceOf('/aborted')?.['error.type']).toBe('aborted');
    const waits = spansOf(traceOf('/exhausted')).map(({ name, isOpen }) => [name, isOpen]);
    expect(waits).toEqual([['db.client.connection.wait_time', true]]);
  },
);
