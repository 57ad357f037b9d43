/** What PostgreSQL itself says it was asked, by its log. */
import { createRequire } from 'node:module';

/** It has no types of its own. */
const pg = createRequire(import.meta.url)('pg');

/** For the URL of an application whose statements are to be logged. */
export const LOGGED = `options=${encodeURIComponent('-c log_statement=all')}`;

/**
 * Statements that `work` made the server log; undefined for a server that is not ours. The portions of a
 * cursor after the first are no queries of their own.
 */
export async function loggedBy(
  url: string,
  work: () => Promise<void>,
): Promise<string[] | undefined> {
  const before = await log(url);
  await work();
  const after = await log(url);
  if (before === undefined || after === undefined) return undefined;
  const entries = after
    .slice(before.length)
    .matchAll(/LOG: {2}(?:statement|execute (?!fetch)[^:]*):([\s\S]*?)(?=\n\S|$)/g);
  return [...entries].map(([, text = '']) => text);
}

async function log(url: string): Promise<string | undefined> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client
    .query("SELECT pg_read_file('../server.log', 0, 100000000, true) AS text")
    .finally(() => client.end());
  return rows[0].text ?? undefined;
}
