/** mysql2 against a real server: every query is counted once, for the request that made it. */
import mysql from 'mysql2/promise';
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

const service = runningService('mariadb');

/** What `work` made the server log as executed. */
async function logged(work: () => Promise<void>): Promise<number> {
  const connection = await mysql.createConnection(service.url);
  await connection.query("SET GLOBAL log_output = 'TABLE'");
  await connection.query('TRUNCATE mysql.general_log');
  await connection.query('SET GLOBAL general_log = 1');
  await work();
  await connection.query('SET GLOBAL general_log = 0');
  const [rows] = await connection.query(
    "SELECT count(*) AS n FROM mysql.general_log WHERE command_type IN ('Query', 'Execute') AND argument LIKE '%/*q*/%'",
  );
  await connection.end();
  return (rows as { n: number }[])[0]!.n;
}

describe.each(NODES)('$version', ({ node }) => {
  it('counts each of 200 requests at once exactly, and as many as the server', async () => {
    let made = 0;
    const served = await logged(async () => {
      const { lines, expected } = await serve('mysql2', service.url, { node });
      expect(queriesByRoute(lines)).toEqual(exactly(expected));
      made = allQueries(expected);
      expect(operations(lines, { 'db.system.name': 'mysql' })).toBe(made);
      expect(operations(lines, { 'error.type': 'ER_NO_SUCH_TABLE' })).toBe(expected.failing!.asked);
    });
    expect(served).toBe(made);
  });
});
