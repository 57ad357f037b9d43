/**
 * What the index advisor says of statements whose best index is known, on real databases: predicted against actual
 * cost and time after creating what was advised. PostgreSQL with HypoPG and without, MariaDB, SQLite.
 *
 *   node examples/advice/check.js [--rows 100000] [postgres] [mariadb] [sqlite]
 *
 * `--rows` is the size of the smallest of the large tables, on PostgreSQL; the others have a fifth. Exit code 1 when an
 * index is advised where none helps, or recall is below 0.95.
 */
import { parseArgs } from 'node:util';
import { buildWhenStale } from '../../scripts/build.js';
import { DATABASES } from './databases.js';
import { judge, summaryOf, summaryText, verdictText } from './judge.js';
import { statementsFor } from './statements.js';

const RECALL_MIN = 0.95;
const WIDTHS = [64, 44, 10, 9, 9, 10, 10, 20];

const { values, positionals } = parseArgs({
  options: { rows: { type: 'string', default: '100000' } },
  allowPositionals: true,
});
const kinds = positionals.length > 0 ? positionals : Object.keys(DATABASES);
if (!(await buildWhenStale())) process.exit(1);
const { advise } = await import('../../dist/advisor/advise.js');

for (const kind of kinds) {
  const rows = Number(values.rows) / (kind === 'postgres' ? 1 : 5);
  const database = await DATABASES[kind](rows);
  try {
    const ways = database.hasTrials && kind === 'postgres' ? [true, false] : [database.hasTrials];
    for (const mayTryIndexes of ways) await check(kind, database, mayTryIndexes);
  } finally {
    await database.close();
  }
}

async function check(kind, database, mayTryIndexes) {
  console.log(`\n${kind}, indexes ${mayTryIndexes ? 'tried' : 'estimated'}\n`);
  line('statement', 'advised', 'predicted', 'cost', 'time', 'before', 'after', '');
  const rows = [];
  for (const { sql, helps } of statementsFor(kind)) {
    rows.push({ helps, ...(await tryStatement(database, sql, helps, mayTryIndexes)) });
  }
  const summary = summaryOf(rows);
  console.log(`\n${summaryText(summary)}`);
  if (summary.wrong > 0 || summary.recall < RECALL_MIN) process.exitCode = 1;
}

async function tryStatement(database, sql, helps, mayTryIndexes) {
  const before = await database.measure(sql);
  const statements = [{ text: sql, totalSeconds: 0 }];
  const options = { statements, limit: 1, rowsMin: 10_000, pace: async () => {}, mayTryIndexes };
  const report = await advise(database.dsn, options);
  const missing = report.advice.filter((one) => one.kind === 'missing_index');
  const advised = missing.map(({ table, ddl }) => ({ table, columns: columnsOf(ddl) }));
  const verdict = judge(helps, advised);
  const after = missing.length === 0 ? undefined : await withIndexes(database, sql, missing);
  const names = advised.map(({ table, columns }) => `${table}(${columns})`).join(' ');
  const other =
    report.skipped[0]?.reason ?? report.advice.find(({ kind }) => kind === 'cast')?.kind;
  const predicted = missing[0] === undefined ? '' : times(missing[0].gain);
  const cost = after?.cost == null ? '' : times(before.cost / after.cost);
  const time = after === undefined ? '' : times(before.ms / after.ms);
  const spent = [before, after].map((one) => (one === undefined ? '' : `${one.ms.toFixed(2)} ms`));
  line(sql, names || `— ${other ?? ''}`, predicted, cost, time, ...spent, verdictText(verdict));
  return { verdict, before, after };
}

/** As fast as it is with what was advised. */
async function withIndexes(database, sql, advice) {
  const drops = [];
  for (const { ddl } of advice) drops.push(await database.create(ddl));
  try {
    return await database.measure(sql);
  } finally {
    for (const drop of drops) await drop();
  }
}

function columnsOf(ddl) {
  return ddl.slice(ddl.lastIndexOf('(') + 1, ddl.lastIndexOf(')')).split(', ');
}

function times(ratio) {
  return `×${ratio >= 100 ? Math.round(ratio) : ratio.toPrecision(2)}`;
}

function line(...cells) {
  const padded = cells.map((cell, i) => String(cell).slice(0, WIDTHS[i]).padEnd(WIDTHS[i]));
  console.log(padded.join(' ').trimEnd());
}
