/** What MariaDB itself says it was asked, by its general log. */
import mysql from 'mysql2/promise';

/** Statements that `work` made the server execute, with their values in place. */
export async function executedBy(url: string, work: () => Promise<void>): Promise<string[]> {
  const connection = await mysql.createConnection(url);
  await connection.query("SET GLOBAL log_output = 'TABLE'");
  await connection.query('TRUNCATE mysql.general_log');
  await connection.query('SET GLOBAL general_log = 1');
  await work();
  await connection.query('SET GLOBAL general_log = 0');
  const [rows] = await connection.query(
    "SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log WHERE command_type IN ('Query', 'Execute') AND thread_id <> CONNECTION_ID()",
  );
  await connection.end();
  return (rows as { text: string }[]).map(({ text }) => text);
}
