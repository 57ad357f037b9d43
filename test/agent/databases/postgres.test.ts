/** pg against a real server: every query is counted once, for the request that made it. */
import { describe, expect, it } from 'vitest';
import { LOGGED, loggedBy } from './postgres-log.js';
import {
  allQueries,
  exactly,
  NODES,
  operations,
  queriesByRoute,
  runningService,
  serve,
} from './served.js';

const service = runningService('postgres');

describe.each(NODES)('$version', ({ node }) => {
  it('counts each of 200 requests at once exactly, and as many as the server', async () => {
    let made = 0;
    const logged = await loggedBy(service.url, async () => {
      const { lines, expected } = await serve('pg', `${service.url}?${LOGGED}`, {
        node,
        env: { LINGER_MS: '1500', TACHOGRAPH_SAMPLE_INTERVAL: '500ms' },
      });
      made = allQueries(expected);
      expect(queriesByRoute(lines)).toEqual(exactly(expected));
      expect(operations(lines, {})).toBe(made);
    });
    const asked = logged?.filter((text) => text.includes('/*q*/'));
    expect(asked?.length ?? made).toBe(made);
  });
});
