/**
 * What to do about a finding, in the words of the ORM or query builder that made the queries, else of SQL. Pure:
 * no value is in it, and of a statement only its tables.
 */
import type { Finding, FindingKind } from '../../transport/finding-event.js';

const PLAIN = 'sql';

/** For each parent its children, at once. */
const EAGER: Readonly<Record<string, string>> = {
  typeorm:
    'load the relation with the rows: find({ relations: { … } }), or leftJoinAndSelect in a query builder',
  sequelize: 'load the association with the rows: findAll({ include: [ … ] })',
  prisma:
    'load the relation with the rows: findMany({ include: { … } }), or one findMany where … in: [ … ]',
  knex: 'join the table, or fetch all at once with whereIn(column, ids)',
  drizzle:
    'use a relational query: db.query.….findMany({ with: { … } }), or one select where inArray(column, ids)',
  kysely:
    'select the children as jsonArrayFrom( … ) in the first query, or fetch all at once where(column, "in", ids)',
  'mikro-orm':
    'load the relation with the rows: find(…, { populate: [ … ] }), or em.populate(rows, [ … ])',
  objection: 'load the relation with the rows: withGraphFetched("…")',
  bookshelf: 'load the relation with the rows: fetchAll({ withRelated: [ … ] })',
  mongoose: 'load the documents at once: populate(…), or one find({ _id: { $in: ids } })',
  [PLAIN]:
    'JOIN the table in the first query, or fetch all rows at once (= ANY($1), IN (…)); behind resolvers, a DataLoader',
};

const BULK: Readonly<Record<string, string>> = {
  typeorm: 'save a list at once: insert([ … ]) of a repository or query builder',
  sequelize: 'use Model.bulkCreate([ … ])',
  prisma: 'use createMany({ data: [ … ] })',
  knex: 'use insert([ … ]) with a list, or batchInsert',
  drizzle: 'use insert(table).values([ … ]) with a list',
  kysely: 'use insertInto(table).values([ … ]) with a list',
  'mikro-orm': 'persist them all, then call em.flush() once; or use em.insertMany',
  objection: 'use insert([ … ]) with a list (PostgreSQL), or insertGraph',
  mongoose: 'use insertMany([ … ])',
  [PLAIN]: 'INSERT … VALUES with several rows (INSERT … SELECT FROM unnest($1, …) in PostgreSQL)',
};

const BULK_CHANGE: Readonly<Record<string, string>> = {
  typeorm: 'use one update(…) or delete(…) with In(ids)',
  sequelize: 'use one update or destroy where: { id: ids }',
  prisma: 'use updateMany or deleteMany where: { id: { in: ids } }',
  knex: 'use one update or del with whereIn(column, ids)',
  drizzle: 'use one update or delete where(inArray(column, ids))',
  kysely: 'use one updateTable or deleteFrom where(column, "in", ids)',
  'mikro-orm': 'call em.flush() once at the end, or nativeUpdate with $in',
  objection: 'use one patch or delete with whereIn(column, ids)',
  [PLAIN]:
    'use one statement for all rows: UPDATE … FROM (VALUES …), or WHERE id = ANY($1) / IN (…)',
};

const OTHERS: Readonly<Record<Exclude<FindingKind, keyof typeof PER_ORM>, string>> = {
  duplicate_query:
    'the same rows are read again within one request: read them once and hand them on, or keep them for the request in a cache or DataLoader',
  pagination_loop:
    'every page is dearer than the one before, for OFFSET reads what it skips: go on from the last key (WHERE id > … ORDER BY id LIMIT …), or stream the rows with a cursor',
  slow_query:
    'look at its plan (EXPLAIN) for a scan that an index would spare; read fewer rows or columns; or move the work out of the request',
  unbounded_read:
    'the number of rows grows with the table: add LIMIT and page through it, or aggregate in the database',
  wide_rows:
    'name the columns that are needed instead of *: each row is read, sent and parsed whole',
  idle_transaction:
    'its locks are held while it waits for something that is no query: do that before BEGIN or after COMMIT',
  chatty_request:
    'many small queries, none of which stands out: join what belongs together, run what is independent at the same time, cache what seldom changes',
  connection_leak:
    'the connection is never given back: release it in a finally block, or let the pool run the query',
  lock_wait:
    'another transaction holds the rows: keep transactions short, take locks in one order, and try again after the error',
  deadlock:
    'two transactions wait for each other: touch tables and rows in the same order everywhere, and try again after the error',
};

const PER_ORM = {
  n_plus_one: EAGER,
  n_plus_one_write: BULK_CHANGE,
  single_row_writes: BULK,
} as const;

export function fixOf({ kind, orm }: Pick<Finding, 'kind' | 'orm'>): string {
  if (!Object.hasOwn(PER_ORM, kind)) return capital(OTHERS[kind as keyof typeof OTHERS]);
  const table = PER_ORM[kind as keyof typeof PER_ORM];
  const own = orm !== undefined && Object.hasOwn(table, orm) ? table[orm] : undefined;
  return capital(own ?? table[PLAIN]!);
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
