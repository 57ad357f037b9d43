/** Drivers that are not here, by a stand-in with their interface, and what a channel tells. */
import { expect, it } from 'vitest';
import { lruCacheSubscriber } from '../../../src/agent/databases/lru-cache.js';
import { patchMongodb } from '../../../src/agent/databases/mongodb.js';
import { patchPgClient } from '../../../src/agent/databases/pg.js';
import { patchSqlite } from '../../../src/agent/databases/sqlite.js';
import type { LoadedModule } from '../../../src/agent/module-hooks.js';
import { Unit } from '../../../src/agent/unit.js';
import { SPAN_OPEN_US, SPAN_WORDS } from '../../../src/shared/worker-protocol.js';
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

type Reply = (error?: unknown, reply?: unknown) => void;

/** As mongodb has them in versions 4, 5 and 6.0: what comes back is told to a callback. */
function olderMongodb() {
  const waiting: Reply[] = [];
  class Connection {
    command(_ns: unknown, _command: object, _options: object, callback: Reply): void {
      waiting.push(callback);
    }
  }
  const host = makeHost();
  patchMongodb({ exports: { Connection } } as unknown as LoadedModule, host);
  const unit = new Unit(0);
  const send = (command: object, options: object, callback: Reply): void =>
    host.context.run(unit, () => new Connection().command({}, command, options, callback));
  const span = () => {
    const [series, , durationUs, rows] = unit.spans!.copy();
    return { series, isOpen: durationUs === SPAN_OPEN_US, rows };
  };
  return { host, unit, waiting, send, span };
}

it('mongodb of older versions: a command lasts until its callback, which is called as who sent it', () => {
  const { host, unit, waiting, send, span } = olderMongodb();
  const told: unknown[] = [];
  send({ insert: 'people' }, {}, (...reply) => told.push(host.context.current() === unit, reply));
  expect(span().isOpen).toBe(true);
  waiting[0]!(undefined, { ok: 1, n: 3 });
  expect(told).toEqual([true, [undefined, { ok: 1, n: 3 }]]);
  expect(span()).toMatchObject({ isOpen: false, rows: 3 });
});

it('mongodb: a class that newer versions are given in the place of a callback stays as it is', async () => {
  class Reply {}
  class Connection {
    async command(_ns: unknown, _command: object, _options = {}, responseType?: unknown) {
      return responseType;
    }
  }
  const host = makeHost();
  patchMongodb({ exports: { Connection } } as unknown as LoadedModule, host);
  const unit = new Unit(0);
  const given = host.context.run(unit, () =>
    new Connection().command({}, { find: 'people' }, {}, Reply),
  );
  expect(await given).toBe(Reply);
  expect(unit.queries).toBe(1);
});

it('mongodb of older versions: a command whose callback has an error has failed', () => {
  const { waiting, send, span } = olderMongodb();
  send({ find: 'people' }, {}, () => {});
  const { series } = span();
  waiting[0]!(Object.assign(new Error('no'), { code: 2 }));
  expect(span().isOpen).toBe(false);
  expect(span().series).not.toBe(series);
});

it('mongodb of older versions: a command that throws has ended, once, whether it had called back or not', () => {
  const failure = new Error('no');
  for (const reply of [undefined, { ok: 1, n: 3 }]) {
    class Connection {
      command(_ns: unknown, _command: object, _options: object, callback: Reply): void {
        if (reply !== undefined) callback(undefined, reply);
        throw failure;
      }
    }
    const host = makeHost();
    patchMongodb({ exports: { Connection } } as unknown as LoadedModule, host);
    const unit = new Unit(0);
    let ends = 0;
    const { endQuery } = host.work;
    host.work.endQuery = (...args) => {
      ends += 1;
      return endQuery.apply(host.work, args);
    };
    const send = (): void =>
      host.context.run(unit, () =>
        new Connection().command({}, { insert: 'people' }, {}, () => {}),
      );
    expect(send).toThrow(failure);
    expect([reply, ends]).toEqual([reply, 1]);
  }
});

it('mongodb: a cursor that waits for what comes asks nothing meanwhile', () => {
  const { unit, waiting, send } = olderMongodb();
  send({ getMore: 7, collection: 'people' }, { awaitData: true }, () => {});
  expect(unit.queries).toBe(0);
  expect(waiting).toHaveLength(1);
  send({ getMore: 7, collection: 'people' }, {}, () => {});
  expect(unit.queries).toBe(1);
});

it('pg: streams of other values are no duplicates of each other', () => {
  class Client {
    query(config: object): object {
      return config;
    }
  }
  const host = makeHost();
  patchPgClient({ exports: Client } as unknown as LoadedModule, host);
  const unit = new Unit(0);
  const client = new Client();
  for (const id of [1, 2, 2]) {
    // As pg-query-stream has it.
    const stream = {
      cursor: { text: 'SELECT a FROM t WHERE b = $1', values: [String(id)] },
      submit: () => {},
      handleReadyForQuery: () => {},
    };
    host.context.run(unit, () => client.query(stream));
    stream.handleReadyForQuery();
  }
  const words = unit.spans!.copy();
  const values = [0, 1, 2].map((call) => words[call * SPAN_WORDS + 4]);
  expect(values[1]).not.toBe(values[0]);
  expect(values[2]).toBe(values[1]);
});
