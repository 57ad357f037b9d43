/**
 * The slice of the truth suite that needs no package but ours: every scenario over these drivers shows what its comments
 * say, at their very lines, and nothing else. `node examples/findings/check.js` runs all libraries.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { createTables } from '../../examples/findings/create-tables.js';
import { expectedIn, judge } from '../../examples/findings/expected.js';
import { LEAK_ROUNDS_MAX, run } from '../../examples/findings/run.js';
import { type StartedService, startService } from '../../scripts/services.js';

/** With the time in which a service may have to be installed. */
const RUN_MS_MAX = 420_000;
const started: StartedService[] = [];

afterAll(async () => {
  for (const service of started) await service.stop();
});

async function placeOn(kind: 'postgres' | 'mariadb'): Promise<object> {
  const service = await startService(kind);
  started.push(service);
  const database = `findings_${process.pid}`;
  await createTables(kind, service.url, database);
  const { hostname: host, port, username: user, password } = new URL(service.url);
  return { kind, host, port: Number(port), user, password, database, connectionsMax: 5 };
}

describe('the scenarios show what they are to show, at the very line, and nothing else:', () => {
  it.each([
    ['libsql', undefined, 9],
    ['pg', 'postgres', 18],
    ['postgres-js', 'postgres', 8],
    ['mysql2', 'mariadb', 14],
    ['pg-leaks', 'postgres', 3],
    ['mysql2-leaks', 'mariadb', 3],
  ] as const)(
    '%s',
    async (scenarios, kind, count) => {
      const place = kind === undefined ? {} : await placeOn(kind);
      const { expected, right, misplaced, missed, extra } = await run({
        scenarios,
        packages: undefined,
        place,
        ...(scenarios.endsWith('-leaks') && { roundsMax: LEAK_ROUNDS_MAX }),
      });
      expect({ misplaced, missed, extra }).toEqual({ misplaced: [], missed: [], extra: [] });
      expect(right).toHaveLength(expected.length);
      expect(expected).toHaveLength(count);
    },
    RUN_MS_MAX,
  );
});

describe('the judgement', () => {
  const source = [
    'await ask(1); // finds loop n_plus_one',
    'await ask(2);',
    '// finds many chatty_request nowhere',
  ].join('\n');
  const expected = expectedIn(source);
  const finding = {
    scenario: 'loop',
    kind: 'n_plus_one',
    query: 'q',
    file: 'a.js',
    line: 1,
    orm: undefined,
  };
  const chatty = {
    ...finding,
    scenario: 'many',
    kind: 'chatty_request',
    file: '',
    line: undefined,
  };

  it('holds when all is found at its line', () => {
    const { right, misplaced, missed, extra } = judge(expected, [chatty, finding], 'a.js');
    expect([right.length, misplaced, missed, extra]).toEqual([2, [], [], []]);
  });

  it('tells what is at another line, missing, or too much', () => {
    const other = { ...finding, kind: 'slow_query' };
    const { right, misplaced, missed, extra } = judge(
      expected,
      [{ ...finding, line: 2 }, other],
      'a.js',
    );
    expect(right).toEqual([]);
    expect(misplaced).toMatchObject([{ wanted: { line: 1 }, finding: { line: 2 } }]);
    expect(missed).toMatchObject([{ kind: 'chatty_request' }]);
    expect(extra).toEqual([other]);
  });
});
