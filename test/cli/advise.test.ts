/** `tachograph advise` as a person runs it, on a SQLite file: formats, exit codes, and names that would do harm. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AdviceReport } from '../../src/advisor/advice.js';
import { adviceMarkdown } from '../../src/cli/advice-markdown.js';
import { renderAdvice } from '../../src/cli/render-advice.js';
import { loadSqlDriver } from '../../src/collector/store/sql-driver.js';
import { MAIN } from '../support/collector-process.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-advise-'));
const file = join(folder, 'shop.db');
const statements = join(folder, 'statements.sql');

beforeAll(async () => {
  const database = (await loadSqlDriver())(file);
  database.exec('CREATE TABLE orders (id INTEGER PRIMARY KEY, ref INTEGER)');
  database.exec(`WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 20000)
    INSERT INTO orders SELECT i, i * 7919 % 9973 FROM c`);
  database.close();
  writeFileSync(
    statements,
    'SELECT id FROM orders\n  WHERE ref = 4711;\n-- a comment\nPRAGMA x;\n',
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

function advise(args: readonly string[], env: Record<string, string> = {}) {
  return spawnSync(process.execPath, [MAIN, 'advise', '--rate', '1000', ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
}

describe('tachograph advise', () => {
  it('prints DDL, the statement, its reasons and its price, and ends with 1', () => {
    const { stdout, status } = advise(['--dsn', `sqlite:${file}`, '--statements', statements]);
    expect(status).toBe(1);
    expect(stdout).toContain('missing index on orders');
    expect(stdout).toContain('  CREATE INDEX orders_ref_idx ON orders (ref);\n');
    expect(stdout).toContain('  for   SELECT id FROM orders WHERE ref = ?\n');
    expect(stdout).toContain('not planned: it is no SELECT, UPDATE or DELETE');
    expect(stdout).not.toContain('4711');
  });

  it('prints JSON, and takes the DSN from a file', () => {
    const dsnFile = join(folder, 'dsn');
    writeFileSync(dsnFile, `sqlite:${file}\n`);
    const { stdout, status } = advise(['--statements', statements, '--format', 'json'], {
      TACHOGRAPH_ADVISE_DSN_FILE: dsnFile,
    });
    expect(status).toBe(1);
    expect((JSON.parse(stdout) as AdviceReport).advice).toHaveLength(1);
  });

  it('ends with 0 where there is nothing to advise', () => {
    writeFileSync(join(folder, 'good.sql'), 'SELECT ref FROM orders WHERE id = 4\n');
    const args = ['--dsn', `sqlite:${file}`, '--statements', join(folder, 'good.sql')];
    const { stdout, status } = advise(args);
    expect(stdout).toContain('Nothing to advise.');
    expect(status).toBe(0);
  });

  it('ends with 3 where nothing can be looked at', () => {
    const { stderr, status } = advise(['--dsn', 'sqlite:/nowhere.db', '--statements', statements]);
    expect(stderr).toContain('expected a SQLite file');
    expect(status).toBe(3);
  });

  it.each([
    [[], 'expected --dsn'],
    [['--dsn', 'oracle://u:hunter2@h/d'], 'expected a DSN like'],
    [['--dsn', 'sqlite:x', '--statements', '/nowhere'], 'cannot read the file of statements'],
    [['--dsn', 'sqlite:x', '--rate', '0'], 'expected --rate'],
    [['--dsn', 'sqlite:x', '--format', 'xml'], 'expected --format'],
  ])('ends with 2, and says what was expected, for %j', (args, message) => {
    const { stderr, status } = spawnSync(process.execPath, [MAIN, 'advise', ...args], {
      encoding: 'utf8',
    });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('hunter2');
    expect(status).toBe(2);
  });
});

describe('names that would do harm', () => {
  const report: AdviceReport = {
    system: 'postgresql',
    version: '15.1',
    database: 'shop\u001b[2J',
    method: 'estimated',
    advice: [
      {
        id: 'a',
        kind: 'missing_index',
        database: 'shop',
        table: 'a\u001b]0;x\u0007<img src=x>|`',
        query: 'SELECT ``` FROM t',
        ddl: 'CREATE INDEX ON "```\n# x" (a);',
        gain: 12.345,
        confidence: 'high',
        evidence: ['<script>alert(1)</script> [a](javascript:b)'],
        writeCost: null,
      },
    ],
    plans: [],
    skipped: [],
    notes: [],
  };

  it('reach no terminal', () => {
    const text = renderAdvice(report, (_style, marked) => marked);
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('are no Markdown and no HTML', () => {
    const text = adviceMarkdown(report);
    expect(text).toContain('\\<script\\>');
    expect(text).toContain('\\[a\\]\\(javascript:b\\)');
    expect(text).toContain('````sql\nCREATE INDEX ON "```·# x" (a);\n````');
    expect(text).not.toMatch(/^# x/m);
  });
});
