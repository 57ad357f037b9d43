import { describe, expect, it } from 'vitest';
import { type Line, runApp } from '../support/run-app.js';

const CALLS = 'tachograph.http.server.client_calls';

function callsOf(lines: readonly Line[], route: string) {
  const found = lines.filter((line) => line.name === CALLS && line['http.route'] === route);
  return {
    requests: found.reduce((total, { count }) => total + (count ?? 0), 0),
    calls: found.reduce((total, { sum }) => total + (sum ?? 0), 0),
  };
}

describe('the calls a request makes', () => {
  it.each(['auto', 'on'])(
    'are its own from the first of the process on: TACHOGRAPH_CONTEXT=%s',
    async (mode) => {
      const { code, lines } = await runApp('outbound.mjs', { env: { TACHOGRAPH_CONTEXT: mode } });
      expect(code).toBe(0);
      expect(callsOf(lines, '/one')).toEqual({ requests: 1, calls: 1 });
      expect(callsOf(lines, '/three')).toEqual({ requests: 20, calls: 60 });
    },
  );

  it('are nobody’s when the context is off', async () => {
    const { lines } = await runApp('outbound.mjs', { env: { TACHOGRAPH_CONTEXT: 'off' } });
    expect(lines.filter(({ name }) => name === CALLS)).toEqual([]);
    // They are counted all the same.
    const made = lines.filter(({ name }) => name === 'http.client.request.duration');
    expect(made.reduce((total, { count }) => total + (count ?? 0), 0)).toBe(61);
  });
});
