/**
 * The shop whose statements are judged: its tables, made of arithmetic so that each run has the same rows, and the
 * statements, each with the indexes that help it, or none. Written once for three databases.
 */

/** How the databases differ in what the tables need. */
export const DIALECTS = {
  postgres: {
    types: {
      id: 'bigint',
      number: 'bigint',
      text: 'text',
      money: 'numeric(10,2)',
      time: 'timestamptz',
      flag: 'boolean',
    },
    series: (rows) => `generate_series(1::bigint, ${rows}) AS s (i)`,
    text: (prefix, value) => `'${prefix}' || (${value})`,
    time: (seconds) => `timestamptz '2026-01-01 00:00:00Z' + (${seconds}) * interval '1 second'`,
    flag: (condition) => condition,
  },
  mariadb: {
    types: {
      id: 'bigint',
      number: 'bigint',
      text: 'varchar(100)',
      money: 'decimal(10,2)',
      time: 'datetime',
      flag: 'tinyint(1)',
    },
    series: (rows) => `(SELECT CAST(seq AS SIGNED) AS i FROM seq_1_to_${rows}) AS s`,
    text: (prefix, value) => `CONCAT('${prefix}', ${value})`,
    time: (seconds) => `'2026-01-01 00:00:00' + INTERVAL (${seconds}) SECOND`,
    flag: (condition) => condition,
  },
  sqlite: {
    types: {
      id: 'INTEGER',
      number: 'INTEGER',
      text: 'TEXT',
      money: 'REAL',
      time: 'TEXT',
      flag: 'INTEGER',
    },
    series: (rows) =>
      `(WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${rows}) SELECT i FROM c) AS s`,
    text: (prefix, value) => `'${prefix}' || (${value})`,
    time: (seconds) => `datetime('2026-01-01 00:00:00', '+' || (${seconds}) || ' seconds')`,
    flag: (condition) => condition,
  },
};

/** One of `different` numbers, spread over the rows without order. */
const spread = (factor, different) => () => `(i * ${factor}) % ${different}`;
const text = (prefix, value) => (dialect) => dialect.text(prefix, value(dialect));
const own = () => 'i';
/** Every `step` seconds one, in the order of the rows. */
const rising = (step) => (dialect) => dialect.time(`i * ${step}`);
const scattered = (factor) => (dialect) => dialect.time(`(i * ${factor}) % 20000000`);
const oneOf = (values, factor) => () =>
  `CASE (i * ${factor}) % ${values.length} ${values.map((value, at) => `WHEN ${at} THEN '${value}'`).join(' ')} END`;
const money = (factor) => () => `((i * ${factor}) % 100000) / 100.0`;

/** Rows are of the size that is asked for; `countries` stays small. */
export const TABLES = [
  [
    'customers',
    1,
    {
      email: ['text', text('user', own)],
      name: ['text', text('Customer ', own)],
      city: ['text', text('city', spread(7919, 900))],
      country_id: ['number', spread(104729, 200)],
      phone: ['text', text('+49', spread(15485863, 99991))],
      created_at: ['time', rising(60)],
      active: ['flag', (d) => d.flag('i % 10 <> 0')],
    },
  ],
  [
    'orders',
    2,
    {
      customer_id: ['number', spread(48271, 49999)],
      status: ['text', oneOf(['new', 'paid', 'packed', 'sent', 'done'], 7)],
      total: ['money', money(6151)],
      created_at: ['time', rising(90)],
      warehouse_id: ['number', spread(3571, 50)],
      reference: ['text', text('R-', own)],
      assigned_to: ['number', spread(12553, 499)],
    },
  ],
  [
    'order_items',
    4,
    {
      order_id: ['number', spread(69621, 199999)],
      product_id: ['number', spread(15487, 99991)],
      quantity: ['number', spread(13, 9)],
      price: ['money', money(3079)],
    },
  ],
  [
    'products',
    1,
    {
      sku: ['text', text('SKU', own)],
      category_id: ['number', spread(4421, 211)],
      price: ['money', money(7993)],
      name: ['text', text('Product ', spread(65539, 99991))],
    },
  ],
  [
    'events',
    3,
    {
      account_id: ['number', spread(24593, 1999)],
      kind: ['text', oneOf(['view', 'click', 'cart', 'pay'], 11)],
      at: ['time', scattered(3001)],
      session: ['text', text('s', spread(49157, 79999))],
    },
  ],
  [
    'payments',
    2,
    {
      order_id: ['number', spread(98317, 199999)],
      provider: ['text', oneOf(['card', 'bank', 'wallet'], 17)],
      external_id: ['text', text('pay_', own)],
      state: ['text', oneOf(['open', 'captured', 'refunded'], 5)],
      captured_at: ['time', scattered(7001)],
    },
  ],
  [
    'audit',
    2,
    {
      actor: ['number', spread(1543, 997)],
      entity: ['text', oneOf(['order', 'customer', 'product'], 3)],
      entity_id: ['number', spread(196613, 90001)],
      at: ['time', rising(45)],
    },
  ],
  ['countries', 0, { name: ['text', text('country', own)], code: ['text', text('C', own)] }],
];
const COUNTRIES = 200;

/** DDL and data, one statement each. */
export function seedStatements(dialect, rows) {
  const { types } = dialect;
  return TABLES.flatMap(([name, share, columns]) => {
    const count = share === 0 ? COUNTRIES : share * rows;
    const entries = Object.entries(columns);
    const defined = entries.map(([column, [type]]) => `${column} ${types[type]}`);
    const values = entries.map(([, [, value]]) => value(dialect));
    return [
      `CREATE TABLE ${name} (id ${types.id} PRIMARY KEY, ${defined.join(', ')})`,
      `INSERT INTO ${name} SELECT i, ${values.join(', ')} FROM ${dialect.series(count)}`,
    ];
  }).concat('CREATE INDEX events_account_id_at ON events (account_id, at)');
}
