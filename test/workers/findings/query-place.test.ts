/** From the stack of a query to a line: what is left out, what is mapped, which frame is named. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import type { StackFrame } from '../../../src/shared/worker-protocol.js';
import { ormOf } from '../../../src/workers/findings/orm-names.js';
import { QueryPlaceReader } from '../../../src/workers/findings/query-place.js';
import { SourceMaps } from '../../../src/workers/findings/source-maps.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tacho-place-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = (): QueryPlaceReader =>
  new QueryPlaceReader({ working: folder, home: '' }, new SourceMaps());
const at = (name: string, file: string, line: number): StackFrame => [
  name,
  join(folder, file),
  line,
  3,
];
const TEXT = 'SELECT name FROM customer WHERE id = ?';

function write(file: string, text: string): void {
  writeFileSync(join(folder, file), text);
}

describe('the place of a query', () => {
  it('is the innermost line of the application, without packages and the runtime', () => {
    const places = open();
    const frames: StackFrame[] = [
      ['query', '/srv/node_modules/pg/lib/client.js', 9, 1],
      ['nextTick', 'node:internal/process', 1, 1],
      ['', '', 0, 0],
      at('load', 'gone.js', 7),
      at('', 'routes.js', 20),
    ];
    const place = places.read(frames, TEXT)!;
    expect(places.shown(place)).toEqual({
      file: 'gone.js',
      line: 7,
      function: 'load',
      stack: 'at load (gone.js:7)\nat (anonymous) (routes.js:20)',
    });
    expect(places.read(frames.slice(0, 3), TEXT)).toBeUndefined();
  });

  it('is the one nearest to where the statement is written, not that of who hands it on', () => {
    const places = open();
    write('database.js', `${'//\n'.repeat(30)}  pool.query(sql, values);\n`);
    write(
      'customers.js',
      `${'//\n'.repeat(10)}const sql =\n  'select name from customer where id = $1';\nreturn one(sql);\n`,
    );
    const frames = [
      at('one', 'database.js', 31),
      at('customer', 'customers.js', 13),
      at('list', 'list.js', 4),
    ];
    expect(places.shown(places.read(frames, TEXT)!)).toMatchObject({
      file: 'customers.js',
      line: 13,
    });
  });

  it('is not a line that makes several different statements, once that is known', () => {
    const places = open();
    const read = (text: string, caller: number) =>
      places.read([at('run', 'gateway.js', 5), at('caller', 'callers.js', caller)], text)!;
    const first = read('SELECT ?', 1);
    expect(places.shown(first).file).toBe('gateway.js');
    read('SELECT ?, ?', 2);
    read('SELECT ?, ?, ?', 3);
    expect(places.shown(first)).toMatchObject({ file: 'callers.js', line: 1 });
  });

  it.each(['inline', 'external'] as const)(
    'is that of the code as it was written (%s map)',
    (kind) => {
      const source = `interface A { a: number }\n\n\nexport async function load(a: A) {\n  await query(a.a);\n}\n`;
      const { code, map } = transformSync(source, {
        loader: 'ts',
        sourcemap: kind === 'inline' ? 'inline' : true,
        sourcefile: 'load.ts',
      });
      const file = `${kind}.js`;
      if (kind === 'external') write(`${file}.map`, map);
      write(file, kind === 'inline' ? code : `${code}//# sourceMappingURL=${file}.map\n`);
      const line = code.split('\n').findIndex((text) => text.includes('query(')) + 1;
      expect(line).not.toBe(5);
      const places = open();
      const place = places.read([['load', join(folder, file), line, 9]], TEXT)!;
      expect(places.shown(place)).toMatchObject({ file: 'load.ts', line: 5 });
    },
  );

  it('stays as it is where the map is none', () => {
    write('broken.js', 'query();\n//# sourceMappingURL=data:application/json;base64,e30=\n');
    const places = open();
    expect(places.shown(places.read([at('a', 'broken.js', 1)], TEXT)!)).toMatchObject({ line: 1 });
  });
});

describe('the ORM of a stack', () => {
  const frame = (path: string): StackFrame => ['f', `/srv/node_modules/${path}`, 1, 1];

  it.each([
    [['knex/lib/client.js', 'objection/lib/model.js'], 'objection'],
    [['pg/lib/client.js', 'knex/lib/client.js'], 'knex'],
    [['@mikro-orm/knex/a.js', 'knex/lib/client.js'], 'mikro-orm'],
    [['.prisma/client/index.js'], 'prisma'],
    [['typeorm/node_modules/pg/lib/client.js'], undefined],
    [['express/lib/router.js'], undefined],
  ])('of %j is %s', (paths, orm) => {
    expect(ormOf(paths.map(frame))).toBe(orm);
  });
});
