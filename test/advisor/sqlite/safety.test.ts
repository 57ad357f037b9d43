/** The advisor on a SQLite file: it opens it to read only, and tries everything in a copy of the schema. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advise } from '../../../src/advisor/advise.js';
import { loadSqlite } from '../../../src/advisor/sqlite/open-sqlite.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { optionsOf } from '../options-of.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-advisor-'));
// What a URI would take for its query.
const file = join(folder, 'shop 100%?x=1#2.db');
const dsn = `sqlite:${file}`;

beforeAll(async () => {
  const database = (await loadSqlDriver())(file);
  database.exec(`CREATE TABLE Orders (Id INTEGER PRIMARY KEY, Ref INTEGER, kind INTEGER, "order" TEXT, parent INTEGER
    REFERENCES Orders (Id));
    CREATE TABLE pairs (a INTEGER, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
    CREATE INDEX kinds ON Orders (kind); CREATE INDEX kinds_too ON Orders (kind, Ref);
    CREATE INDEX some ON Orders (Ref) WHERE kind = 1;
    CREATE INDEX one ON Orders (kind + 1, Ref); CREATE INDEX another ON Orders (kind * 2, Ref);
    CREATE TABLE queue (id INTEGER PRIMARY KEY, ref INTEGER); CREATE TABLE flakes (id INTEGER PRIMARY KEY, ref INTEGER);
    CREATE VIEW all_orders AS SELECT * FROM Orders;
    CREATE TRIGGER watch AFTER INSERT ON Orders BEGIN DELETE FROM pairs; END;`);
  database.exec(`WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 30000)
    INSERT INTO Orders SELECT i, i * 7919 % 9973, i % 3, 'n' || i, i / 2 + 1 FROM c`);
  database.exec(`INSERT INTO queue SELECT 5000000 + Id, Ref FROM Orders LIMIT 500;
    INSERT INTO flakes SELECT 9223372036854775807 - Id * 4000000000000, Ref FROM Orders LIMIT 500`);
  database.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const digest = () => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('a SQLite file', () => {
  it('cannot be written through the connection of the advisor', async () => {
    const sqlite = (await loadSqlite()).openFile(file);
    expect(() => sqlite.exec('DELETE FROM Orders')).toThrow(/readonly/);
    expect(() => sqlite.exec('PRAGMA query_only = 0; DELETE FROM Orders')).toThrow(/readonly/);
    sqlite.close();
  });

  it('is the same after it was looked at, byte for byte, and alone in its folder', async () => {
    const before = digest();
    const report = await advise(
      dsn,
      optionsOf([
        "INSERT INTO Orders VALUES (1, 2, 3, 'x', 4)",
        'DELETE FROM Orders WHERE Ref = 4',
        'SELECT 1; DROP TABLE Orders',
        "ATTACH '/tmp/x' AS x",
        'PRAGMA writable_schema = 1',
        "SELECT load_extension('x')",
        'VACUUM',
        'SELECT * FROM all_orders WHERE Ref = 3',
      ]),
    );
    expect(digest()).toBe(before);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(report.plans.map(({ text }) => text)).toEqual([
      'DELETE FROM Orders WHERE Ref = ?',
      'SELECT * FROM all_orders WHERE Ref = ?',
    ]);
    expect(report.skipped).toHaveLength(6);
  });

  it('with few rows has no advice, however large their numbers are', async () => {
    const statements = [
      'SELECT id FROM queue WHERE ref = 4711',
      'SELECT id FROM flakes WHERE ref = 4711',
      'SELECT id FROM orders WHERE ref = 4711',
    ];
    const { advice } = await advise(dsn, optionsOf(statements));
    const missing = advice.filter(({ kind }) => kind === 'missing_index');
    expect(missing.map(({ table }) => table)).toEqual(['Orders']);
    expect(missing[0]!.evidence).toContain('Orders has about 30,000 rows');
  });

  it('has names in any case, a duplicate index, a foreign key without one', async () => {
    const statements = [
      'SELECT id FROM orders WHERE REF = 4711',
      'SELECT id FROM "Orders" o WHERE o."order" = \'n5\'',
      'SELECT id FROM orders WHERE kind = 1',
    ];
    const { advice, plans } = await advise(dsn, optionsOf(statements));
    expect(advice.map(({ kind, ddl }) => [kind, ddl])).toEqual([
      ['missing_index', 'CREATE INDEX "Orders_Ref_idx" ON "Orders" ("Ref");'],
      ['missing_index', 'CREATE INDEX "Orders_order_idx" ON "Orders" ("order");'],
      ['duplicate_index', 'DROP INDEX kinds;'],
      ['foreign_key_without_index', 'CREATE INDEX "Orders_parent_idx" ON "Orders" (parent);'],
    ]);
    expect(plans.map(({ scans }) => scans)).toEqual([
      ['table_scan'],
      ['table_scan'],
      ['index_scan'],
    ]);
  });

  it('has one index advised where a statement and a foreign key want the same', async () => {
    const { advice } = await advise(dsn, optionsOf(['SELECT id FROM orders WHERE parent = 7']));
    const ddls = advice.map(({ ddl }) => ddl);
    expect(ddls).toEqual([
      'CREATE INDEX "Orders_parent_idx" ON "Orders" (parent);',
      'DROP INDEX kinds;',
    ]);
  });

  it('that is none is told of', async () => {
    await expect(advise(`sqlite:${folder}/none.db`, optionsOf([]))).rejects.toThrow(/got none/);
    await expect(advise(`sqlite:${folder}`, optionsOf([]))).rejects.toThrow(/can be read/);
  });
});
