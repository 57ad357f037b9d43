/** What is read of tables and their indexes: on a real PostgreSQL. */
import { beforeAll, describe, expect, it } from 'vitest';
import { advise } from '../../../src/advisor/advise.js';
import { optionsOf } from '../options-of.js';
import { victim } from './victim.js';

const database = victim();

beforeAll(async () => {
  await database.query(`
    CREATE TABLE people AS SELECT i AS id, 'e' || i AS email, 'n' || i AS name, i % 900 + 1 AS boss, i % 800 + 1 AS "Peer"
      FROM generate_series(1, 20000) AS s (i);
    ALTER TABLE people ADD PRIMARY KEY (id);
    ALTER TABLE people ADD FOREIGN KEY (boss) REFERENCES people, ADD FOREIGN KEY ("Peer") REFERENCES people;
    CREATE UNIQUE INDEX ON people (lower(email));
    CREATE INDEX ON people (lower(name));
    CREATE INDEX ON people (upper(name));
    CREATE INDEX ON people (boss) WHERE boss IS NOT NULL;
    CREATE INDEX peers ON people ("Peer") WHERE "Peer" IS NOT NULL;
    ANALYZE people;
    GRANT SELECT ON people TO ${database.role}`);
});

const care = async () => {
  const { advice } = await advise(database.dsn, optionsOf(['SELECT 1']));
  return advice.map(({ kind, ddl }) => [kind, ddl]);
};

describe('on PostgreSQL', () => {
  it('indexes of different expressions are none too many, and one of what is not null serves a foreign key', async () => {
    expect(await care()).toEqual([]);
  });

  it('what a partition has of its table is left to that', async () => {
    await database.query(`
      CREATE TABLE visits (id int, who int REFERENCES people, at int) PARTITION BY RANGE (id);
      CREATE TABLE visits_1 PARTITION OF visits FOR VALUES FROM (0) TO (50000);
      CREATE INDEX ON visits (at);
      CREATE INDEX ON visits (at, id);
      INSERT INTO visits SELECT i, i % 900 + 1, i FROM generate_series(1, 20000) AS s (i);
      ANALYZE visits;
      GRANT SELECT ON visits, visits_1 TO ${database.role}`);
    expect(await care()).toEqual([]);
  });

  it('an index of some rows does not', async () => {
    await database.query(
      'DROP INDEX peers; CREATE INDEX ON people ("Peer") WHERE boss IS NOT NULL',
    );
    expect(await care()).toEqual([
      ['foreign_key_without_index', 'CREATE INDEX CONCURRENTLY ON people ("Peer");'],
    ]);
  });
});
