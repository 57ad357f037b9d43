/** Shapes of statements whose text is only their beginning. */
import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/transport/batch.js';
import { describeQuery } from '../../../src/workers/describe-query.js';
import { StatementShapes } from '../../../src/workers/findings/statement-shapes.js';

const LONG = `SELECT ${'a_column, '.repeat(40)} b FROM t`;

function seriesOf(sql: string): Series {
  return {
    ...{ name: 'db.client.operation.duration', kind: 'histogram', unit: 's', scale: 1e6 },
    attributes: [
      ['db.query.text', sql],
      ['db.system.name', 'postgresql'],
    ],
  };
}

/** What is known once these were defined, of the text of the last. */
function shapeOf(...statements: string[]) {
  const shapes = new StatementShapes();
  let text = '';
  for (const sql of statements) {
    const described = describeQuery(seriesOf(sql));
    text = new Map(described.attributes).get('db.query.text')!;
    shapes.note(seriesOf(sql), described);
  }
  return shapes.of('postgresql', text);
}

describe('a statement', () => {
  it('has a bound that lies past what its text has room for', () => {
    expect(shapeOf(LONG).isBounded).toBe(false);
    expect(shapeOf(`${LONG} LIMIT 5`).isBounded).toBe(true);
  });

  it('may be another one that begins alike and has a bound', () => {
    expect(shapeOf(`${LONG} LIMIT 5`, LONG).isBounded).toBe(true);
    expect(shapeOf('SELECT a FROM t LIMIT 5', 'SELECT a FROM t').isBounded).toBe(false);
  });

  it('may have a bound where it went without its end', () => {
    expect(shapeOf(LONG.padEnd(5000).slice(0, 4096)).isBounded).toBe(true);
  });

  it('that is not known may have one past the end of its text', () => {
    const described = describeQuery(seriesOf(LONG));
    const text = new Map(described.attributes).get('db.query.text')!;
    expect(new StatementShapes().of('postgresql', text).isBounded).toBe(true);
    expect(new StatementShapes().of('postgresql', 'SELECT a FROM t').isBounded).toBe(false);
  });
});
