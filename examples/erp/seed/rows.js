/**
 * Fills the tables. Rows are made inside PostgreSQL (generate_series), and every "random" value is
 * pick(row, salt, n): a hash that PostgreSQL keeps stable because hash partitions rest on it. The same scale
 * gives the same rows, on every machine.
 */

/** "Today" of the seeded company. Fixed, because rows that depend on the clock are not reproducible. */
export const BUSINESS_DATE = '2026-11-20';

/** Row counts at scale 1. */
const COUNTS = {
  employees: 320,
  suppliers: 150,
  products: 5_000,
  movements: 50_000,
  customers: 1_500,
  orders: 20_000,
  purchases: 3_000,
  production: 4_000,
  audit: 30_000,
};

/** 0 ≤ pick < n. SQL functions like this one are inlined, so it costs a hash and no call. */
export const PICK_FUNCTION = `CREATE FUNCTION pg_temp.pick(i bigint, salt bigint, n bigint) RETURNS int
  LANGUAGE sql IMMUTABLE AS
  $$ SELECT ((hashint8extended(i, salt) & 9223372036854775807) % n)::int $$`;

/**
 * @param {number} scale
 * @returns {Record<keyof typeof COUNTS, number>}
 */
export function rowCounts(scale) {
  const scaled = Object.entries(COUNTS).map(([name, count]) => [
    name,
    Math.max(20, Math.round(count * scale)),
  ]);
  return Object.fromEntries(scaled);
}

/** @param {string} list @param {string} picked SQL giving 0 … n − 1. */
const oneOf = (list, picked) => `(ARRAY['${list.split(' ').join("','")}'])[1 + ${picked}]`;

const FIRST =
  'Ada Ben Cora Dan Eva Finn Gita Hugo Ines Jon Kira Leo Mona Nils Olga Piet Rosa Sven Tara Udo';
const LAST =
  'Adler Brandt Cohen Dietz Ebner Fuchs Gupta Haas Ilic Jansen Keller Lang Meyer Novak Otto Peters';
const MATERIAL = 'Steel Brass Copper Nylon Oak Carbon Glass Rubber Zinc Titan';
const THING =
  'Bolt Valve Bearing Gear Panel Bracket Hose Shaft Sensor Housing Spring Flange Motor Pump Filter';
const CITY =
  'Hamburg Lyon Porto Graz Turin Gdansk Malmo Ghent Brno Basel Vigo Leeds Cork Aarhus Split';
const COUNTRY = 'DE FR PT AT IT PL SE BE CZ CH';
const pick = (/** @type {number} */ salt, /** @type {number | string} */ n, row = 'i') =>
  `pg_temp.pick(${row}, ${salt}, ${n})`;
const words = (/** @type {string} */ list, /** @type {number} */ salt) =>
  oneOf(list, pick(salt, list.split(' ').length));
const daysAgo = (/** @type {number} */ salt, /** @type {number} */ days) =>
  `timestamptz '${BUSINESS_DATE} 18:00+00' - make_interval(secs => ${pick(salt, days * 86_400)})`;

/**
 * @param {number} scale
 * @returns {string[]} One statement a table, parents first.
 */
export function fillTablesSql(scale) {
  const n = rowCounts(scale);
  const rows = (/** @type {number} */ count) => `FROM generate_series(1, ${count}) AS i`;
  return [
    `INSERT INTO settings VALUES ('business_date', '${BUSINESS_DATE}'), ('currency', 'EUR'),
       ('vat_percent', '19'), ('company', 'Northwind Gearworks'), ('valuation_method', 'moving-average')`,
    `INSERT INTO departments SELECT i, ${oneOf('Sales Warehouse Purchasing Finance HR Quality Production Management', 'i - 1')}
       ${rows(8)}`,
    `INSERT INTO employees SELECT i, 1 + i % 8, CASE WHEN i > 8 THEN 1 + i % 8 END,
       ${words(FIRST, 1)} || ' ' || ${words(LAST, 2)}, 'e' || i || '@erp.example',
       ${words('Clerk Specialist Lead Manager Operator', 3)}, 240000 + ${pick(4, 380_000)}, 1 + ${pick(5, 5)},
       date '2010-01-01' + ${pick(6, 5_500)} ${rows(n.employees)}`,
    `INSERT INTO attendance SELECT i, date '2026-10-01' + day, 6 + ${pick(7, 4, 'i * 100 + day')},
       ${pick(8, 3, 'i * 100 + day')} ${rows(n.employees)}, generate_series(0, 30) AS day WHERE day % 7 < 5`,
    `INSERT INTO suppliers SELECT i, ${words(LAST, 10)} || ' ' || ${words('Metals Parts Supply Works', 11)} || ' ' || i,
       ${words(COUNTRY, 12)}, 3 + ${pick(13, 40)} ${rows(n.suppliers)}`,
    `INSERT INTO warehouses VALUES (1, 'NORD', 'Hamburg'), (2, 'MITTE', 'Brno'), (3, 'SUED', 'Turin')`,
    `INSERT INTO products SELECT i, 'SKU-' || lpad(i::text, 5, '0'), (4000000000000 + i * 7919)::text,
       ${words(MATERIAL, 20)} || ' ' || ${words(THING, 21)} || ' ' || (10 + ${pick(22, 90)}),
       ${words('fasteners fluid drive electronic structure', 23)}, 1 + ${pick(24, n.suppliers)},
       price, price * (45 + ${pick(26, 35)}) / 100, 20 + ${pick(27, 20_000)}, 20 + ${pick(28, 200)},
       repeat(${words(MATERIAL, 29)} || ' part for industrial use, tested in series. ', 1 + ${pick(30, 6)})
       FROM (SELECT i, 150 + ${pick(25, 60_000)} AS price ${rows(n.products)}) AS priced`,
    `INSERT INTO stock_levels SELECT i, w, chr(65 + ${pick(31, 8)}) || '-' || ${pick(32, 40, 'i + w')},
       150 + ${pick(33, 3_000, 'i * 10 + w')} ${rows(n.products)}, generate_series(1, 3) AS w`,
    `INSERT INTO stock_movements SELECT i, 1 + ${pick(40, n.products)}, 1 + ${pick(41, 3)}, ${pick(42, 200)} - 80,
       ${words('sale purchase production count', 43)}, 'L' || (${pick(44, Math.ceil(n.movements / 20))}), ${daysAgo(45, 365)}
       ${rows(n.movements)}`,
    `INSERT INTO customers SELECT i, ${words(LAST, 50)} || ' ' || ${words('GmbH Ltd SARL AG SpA', 51)} || ' ' || i,
       'c' || i || '@customer.example', ${words(CITY, 52)}, ${words(COUNTRY, 53)},
       1000000 + ${pick(54, 20_000_000)} ${rows(n.customers)}`,
    `INSERT INTO sales_orders SELECT i, 1 + ${pick(60, n.customers)}, 1 + ${pick(61, n.employees)},
       CASE WHEN i % 5 = 0 THEN 'open' WHEN i % 50 = 1 THEN 'cancelled' ELSE 'shipped' END, 0,
       timestamptz '${BUSINESS_DATE} 18:00+00' - make_interval(mins => (${n.orders} - i) * 20 + ${pick(62, 20)})
       ${rows(n.orders)}`,
    `INSERT INTO sales_order_lines SELECT o, l, p.id, 1 + ${pick(63, 12, 'o * 10 + l')}, p.price_cents
       FROM generate_series(1, ${n.orders}) AS o, generate_series(1, 5) AS l, products AS p
       WHERE l <= 1 + ${pick(64, 5, 'o')} AND p.id = 1 + ${pick(65, n.products, 'o * 10 + l')}`,
    `UPDATE sales_orders SET total_cents = sums.total FROM (SELECT order_id, sum(quantity * price_cents) AS total
       FROM sales_order_lines GROUP BY order_id) AS sums WHERE sums.order_id = id`,
    `INSERT INTO shipments SELECT row_number() OVER (ORDER BY id), id, ${oneOf('Bluebird Kestrel Heron', pick(66, 3, 'id'))},
       500 + ${pick(67, 4_000, 'id')}, ordered_at + interval '2 days' FROM sales_orders WHERE status = 'shipped'`,
    `INSERT INTO invoices SELECT row_number() OVER (ORDER BY id), id, customer_id, total_cents, ${pick(68, 10, 'id')} > 0,
       (ordered_at + interval '2 days')::date FROM sales_orders WHERE status = 'shipped'`,
    `INSERT INTO purchase_orders SELECT i, 1 + ${pick(70, n.suppliers)},
       CASE WHEN i % 3 = 0 THEN 'draft' WHEN i % 3 = 1 THEN 'approved' ELSE 'received' END,
       0, CASE WHEN i % 3 > 0 THEN 4 END, ${daysAgo(71, 300)} ${rows(n.purchases)}`,
    `INSERT INTO purchase_order_lines SELECT i, l, p.id, q, CASE WHEN i % 3 = 2 THEN q ELSE 0 END, p.cost_cents
       FROM generate_series(1, ${n.purchases}) AS i, generate_series(1, 3) AS l,
       LATERAL (SELECT 50 + ${pick(72, 400, 'i * 10 + l')} AS q) AS amount, products AS p
       WHERE p.id = 1 + ${pick(73, n.products, 'i * 10 + l')}`,
    `UPDATE purchase_orders SET total_cents = sums.total FROM (SELECT order_id, sum(quantity * cost_cents) AS total
       FROM purchase_order_lines GROUP BY order_id) AS sums WHERE sums.order_id = id`,
    `INSERT INTO bill_of_materials SELECT DISTINCT ON (i, component) i, component, 1 + ${pick(81, 4)}
       FROM (SELECT i, 1 + ${pick(80, n.products, 'i * 10 + c')} AS component
       FROM generate_series(1, ${n.products}, 5) AS i, generate_series(1, 6) AS c) AS parts
       WHERE component <> i ORDER BY i, component`,
    `INSERT INTO production_orders SELECT i, 1 + 5 * ${pick(82, Math.floor(n.products / 5))}, 5 + ${pick(83, 60)},
       CASE WHEN i % 8 = 0 THEN 'planned' WHEN i % 8 = 1 THEN 'running' ELSE 'finished' END,
       ${words('Mill Lathe Press Assembly Paint', 84)}, date '${BUSINESS_DATE}' + ${pick(85, 200)} - 170,
       i % 40 > 0 ${rows(n.production)}`,
    `INSERT INTO quality_checks SELECT id, id, 7, CASE WHEN status = 'finished' AND id % 10 > 1 THEN 'passed'
       WHEN status = 'finished' AND id % 10 = 1 THEN 'failed' ELSE 'pending' END, 5 + ${pick(86, 20, 'id')},
       CASE WHEN id % 10 = 1 THEN 2 + ${pick(87, 4, 'id')} ELSE 0 END,
       CASE WHEN status = 'finished' THEN due_on END FROM production_orders`,
    `INSERT INTO accounts VALUES (1000, 'Bank', 'asset'), (1200, 'Receivables', 'asset'), (1400, 'Stock', 'asset'),
       (4000, 'Sales', 'income'), (5000, 'Cost of goods', 'expense'), (5200, 'Freight', 'expense'),
       (6000, 'Wages', 'expense')`,
    `INSERT INTO ledger_entries (account, amount_cents, source, booked_on)
       SELECT account, CASE account WHEN 4000 THEN -amount_cents WHEN 5000 THEN amount_cents * 6 / 10
         WHEN 1400 THEN -amount_cents * 6 / 10 ELSE amount_cents END, 'invoice:' || invoices.id, issued_on
       FROM invoices, unnest(ARRAY[1200, 4000, 5000, 1400]) AS account ORDER BY invoices.id, account`,
    `INSERT INTO audit_log SELECT i, 1 + ${pick(90, 8)}, ${words('create update approve view export', 91)},
       ${words('sales_order product purchase_order production_order', 92)}, 1 + ${pick(93, n.orders)},
       jsonb_build_object('ip', '10.0.0.' || ${pick(94, 250)}), ${daysAgo(95, 90)} ${rows(n.audit)}`,
  ];
}
