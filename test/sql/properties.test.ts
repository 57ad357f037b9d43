/** What holds for every text: nothing of a value is shown, twice is once, bounded, never thrown. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { described } from '../../src/sql/described.js';

const SYSTEMS = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'microsoft.sql_server'];
const SECRET = 'hunter2zq';
const DIGITS = '90210733';

/** Ways to write a value that holds the secret, by system: as a literal, and within a comment. */
function plantsOf(system: string): readonly string[] {
  const isMysql = system === 'mysql' || system === 'mariadb';
  return [
    `'${SECRET}'`,
    `'it''s ${SECRET}'`,
    `'a -- ${SECRET}'`,
    `'/* ${SECRET}'`,
    `'${SECRET}\n${SECRET}'`,
    `N'${SECRET}'`,
    `X'${DIGITS}'`,
    DIGITS,
    `-${DIGITS}.5e-3`,
    `0x${DIGITS}`,
    `/* ${SECRET} */ 1`,
    `/*route='${SECRET}'*/ 1`,
    `1 -- ${SECRET}\n`,
    ...(isMysql ? [`"${SECRET}"`, `'\\'${SECRET}'`, `"\\"${SECRET}"`, `1 # ${SECRET}\n`] : []),
    ...(system === 'postgresql'
      ? [`$$${SECRET}$$`, `$t$ $$ ${SECRET} $t$`, `E'\\'${SECRET}'`, `1 /* /* ' */ ${SECRET} */`]
      : []),
    ...(system === 'sqlite' ? [`"${SECRET}"`, `"jane ${SECRET}"`] : []),
  ];
}

const SHAPES: readonly ((value: string) => string)[] = [
  (value) => `SELECT * FROM t WHERE a = ${value}`,
  (value) => `SELECT * FROM t WHERE a IN (1, ${value}, ${value})`,
  (value) => `INSERT INTO t (a, b) VALUES (1, ${value}), (${value}, 2)`,
  (value) => `UPDATE t SET a = ${value} WHERE b LIKE ${value}`,
  (value) => `SELECT a FROM t WHERE b BETWEEN ${value} AND ${value} LIMIT 1`,
  (value) => `SELECT CASE WHEN a = 1 THEN ${value} ELSE ${value} END FROM t`,
  (value) => `SET x = ${value}`,
  (value) => `SELECT a FROM t WHERE lower(b) = trim(lower(${value})) OR c IS NOT ${value}`,
  (value) => `SELECT a FROM t WHERE "b" = ${value} AND c = 'x' -- end`,
];

const anySystem = fc.constantFrom(...SYSTEMS);
/** What SQL is made of, in any order. */
const pieces = fc.array(
  fc.oneof(
    fc.constantFrom(
      ...`SELECT FROM WHERE IN ( ) , ; VALUES ' " \` [ ] $$ $a$ E' N' -- # /* */ ? $1 :a @b @@c :: . 1 -1 0x1f 1e5 \\ = <> NULL IS SET
      TO SAVEPOINT PRAGMA EXEC ARRAY[ INSERT INTO UPDATE t "t" 'x' 'it''s' WITH AS`.split(/\s+/),
    ),
    fc.constantFrom('\n', ' ', "/*route='x'*/", 'ünï', '\0', '…'),
    fc.string({ maxLength: 4 }),
  ),
  { maxLength: 60 },
);

describe('for every statement', () => {
  it('no part of a value is shown, whole or cut anywhere', () => {
    const planted = anySystem.chain((system) =>
      fc.record({
        system: fc.constant(system),
        value: fc.constantFrom(...plantsOf(system)),
        shape: fc.constantFrom(...SHAPES),
        cut: fc.nat(160),
      }),
    );
    fc.assert(
      fc.property(planted, ({ system, value, shape, cut }) => {
        const sql = shape(value);
        for (const statement of [sql, sql.slice(0, cut)]) {
          const shown = JSON.stringify(described(system, statement)).toLowerCase();
          // Five characters of the secret can only come from it.
          for (let at = 0; at + 5 <= SECRET.length; at++) {
            expect(shown).not.toContain(SECRET.slice(at, at + 5));
          }
          for (let at = 0; at + 3 <= DIGITS.length; at++) {
            expect(shown).not.toContain(DIGITS.slice(at, at + 3));
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('the canonical text of a canonical text is itself, and is bounded', () => {
    fc.assert(
      fc.property(anySystem, pieces, fc.constantFrom('', ' '), (system, parts, between) => {
        const once = described(system, parts.join(between));
        expect(once.text.length).toBeLessThanOrEqual(256);
        expect(described(system, once.text).text).toBe(once.text);
      }),
      { numRuns: 3000 },
    );
  });

  it('time grows with its length only', () => {
    const hostile = ["'", '"', '$a$', '/*', '((', 'IN (', ',(', '--', '[', 'VALUES ('];
    for (const piece of hostile) {
      for (const system of SYSTEMS) described(system, piece.repeat(4096).slice(0, 4096));
    }
  });
});
