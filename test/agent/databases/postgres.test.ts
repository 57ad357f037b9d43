/** pg against a real server: every query is counted once, for the request that made it. */
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import {
  allQueries,
  exactly,
  NODES,
  operations,
  queriesByRoute,
  runningService,
  serve,
} from './served.js';

/** It has no types of its own. */
const pg = createRequire(import.meta.url)('pg');
const service = runningService('postgres');

/** What the server's own log says was executed; undefined for a server that is not ours. */
async function loggedQueries(url: string): Promise<number | undefined> {
  const client = new pg.Client(url);
  await client.connect();
  const log = await client
    .query("SELECT pg_read_file('../server.log', 0, 100000000, true) AS text")
    .finally(() => client.end());
  const text: string | null = log.rows[0].text;
  // The portions of a cursor after the first are no queries of their own.
  const lines = text?.split('\n').filter((line) => line.includes('/*q*/'));
  return lines?.filter((line) => /LOG: {2}(?:statement|execute (?!fetch)[^:]*):/.test(line)).length;
}

describe.each(NODES)('$version', ({ node }) => {
  it('counts each of 200 requests at once exactly, and as many as the server', async () => {
    const url = `${service.url}?options=${encodeURIComponent('-c log_statement=all')}`;
    const before = await loggedQueries(service.url);
    const { lines, expected } = await serve('pg', url, {
      node,
      env: { LINGER_MS: '1500', TACHOGRAPH_SAMPLE_INTERVAL: '500ms' },
    });
    expect(queriesByRoute(lines)).toEqual(exactly(expected));
    expect(operations(lines, {})).toBe(allQueries(expected));
    const after = await loggedQueries(service.url);
    if (before !== undefined) expect(after! - before).toBe(allQueries(expected));
  });
});
