/** Drivers that are not here, by a stand-in with their interface, and what a channel tells. */
import { expect, it } from 'vitest';
import { lruCacheSubscriber } from '../../../src/agent/databases/lru-cache.js';
import { patchSqlite } from '../../../src/agent/databases/sqlite.js';
import type { LoadedModule } from '../../../src/agent/module-hooks.js';
import { Unit } from '../../../src/agent/unit.js';
import { SPAN_WORDS } from '../../../src/shared/worker-protocol.js';
import { makeHost } from './make-host.js';

/** As better-sqlite3 has it: statements know their source, and transactions are prepared out of sight. */
class Statement {
  readonly database: object;
  readonly source: string;

  constructor(database: object, source: string) {
    this.database = database;
    this.source = source;
  }

  run(): { changes: number } {
    return { changes: 1 };
  }

  get(): undefined {
    return undefined;
  }

  all(): number[] {
    return [...this.iterate()];
  }

  *iterate(): Generator<number> {
    yield* [1, 2, 3];
  }
}

class Database {
  prepare(source: string): Statement {
    return new Statement(this, source);
  }

  exec(): this {
    return this;
  }

  transaction(work: () => void): () => void {
    const [begin, commit] = ['BEGIN', 'COMMIT'].map((source) => new Statement(this, source));
    return () => {
      begin!.run();
      work();
      commit!.run();
    };
  }
}

it('better-sqlite3: each call is one query, transactions included', () => {
  const host = makeHost();
  patchSqlite({ exports: Database } as unknown as LoadedModule, host);
  const db = new Database();
  const unit = new Unit(0);
  const count = (work: () => unknown): number => {
    const before = unit.queries;
    host.context.run(unit, work);
    return unit.queries - before;
  };
  const statement = db.prepare('SELECT 1');
  expect(count(() => statement.all())).toBe(1);
  expect(count(() => statement.get())).toBe(1);
  expect(count(() => db.exec())).toBe(0);
  expect(count(() => (db as unknown as { exec(sql: string): unknown }).exec('SELECT 1'))).toBe(1);
  expect(count(() => db.transaction(() => statement.run())())).toBe(3);
  expect(count(() => [...statement.iterate()])).toBe(1);
  expect(
    count(() => {
      for (const row of statement.iterate()) if (row === 2) break;
    }),
  ).toBe(1);
  // Each is in the trace, so each has ended.
  expect(unit.spans!.copy()).toHaveLength(8 * SPAN_WORDS);
});

it('better-sqlite3 since 13: the class is made when it is called for, and watched as before', () => {
  const host = makeHost();
  class Made {
    prepare(source: string): Statement {
      return new Statement(this, source);
    }
  }
  const loaded = { exports: (addon: string) => (addon === 'binding' ? Made : undefined) };
  patchSqlite(loaded as unknown as LoadedModule, host);
  expect([loaded.exports.name, loaded.exports.length]).toEqual(['exports', 1]);
  expect(loaded.exports('binding')).toBe(Made);
  const unit = new Unit(0);
  host.context.run(unit, () => new Made().prepare('SELECT 1').all());
  expect(unit.queries).toBe(1);
});

it('lru-cache: reads are counted by result, and nothing else', () => {
  const host = makeHost();
  const tell = lruCacheSubscriber(host);
  const unit = new Unit(0);
  host.context.run(unit, () => {
    const told = [
      { op: 'get', get: 'hit' },
      { op: 'get', get: 'miss' },
      { op: 'get', get: 'hit' },
      { op: 'set', set: 'add' },
      { op: 'has', has: 'hit' },
    ];
    for (const message of told) tell(message);
  });
  expect([unit.cacheHits, unit.cacheMisses]).toEqual([2, 1]);
});
