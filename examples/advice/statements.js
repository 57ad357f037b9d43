/**
 * The statements, each with the indexes that help it as `table: [first columns that are right]`; `{}` where no index
 * helps. `only` names the databases that it is for; else all. `beyond: 'values'`: they decide, and are not
 * there.
 */

const POSTGRES = ['postgres'];
const SERVERS = ['postgres', 'mariadb'];

export const STATEMENTS = [
  // One column of equality.
  { sql: 'SELECT * FROM orders WHERE customer_id = 4711', helps: { orders: ['customer_id'] } },
  {
    sql: "SELECT id, name FROM customers WHERE email = 'user4711'",
    helps: { customers: ['email'] },
  },
  { sql: "SELECT id FROM customers WHERE phone = '+494711'", helps: { customers: ['phone'] } },
  { sql: 'SELECT * FROM order_items WHERE order_id = 815', helps: { order_items: ['order_id'] } },
  {
    sql: 'SELECT sum(quantity) FROM order_items WHERE product_id = 99',
    helps: { order_items: ['product_id'] },
  },
  {
    sql: "SELECT * FROM payments WHERE external_id = 'pay_4711'",
    helps: { payments: ['external_id'] },
  },
  { sql: "SELECT * FROM events WHERE session = 's4711'", helps: { events: ['session'] } },
  {
    sql: 'SELECT id, name FROM products WHERE category_id = 17',
    helps: { products: ['category_id'] },
  },
  {
    sql: "SELECT id FROM orders WHERE reference IN ('R-4711', 'R-4712')",
    helps: { orders: ['reference'] },
  },
  { sql: 'SELECT count(*) FROM audit WHERE entity_id = 4711', helps: { audit: ['entity_id'] } },
  {
    sql: 'SELECT id FROM orders WHERE customer_id = ANY (ARRAY[7, 8, 9])',
    helps: { orders: ['customer_id'] },
    only: POSTGRES,
  },
  // Several columns.
  {
    sql: "SELECT id FROM orders WHERE customer_id = 4711 AND status = 'paid'",
    helps: { orders: ['customer_id'] },
  },
  {
    sql: "SELECT id FROM customers WHERE city = 'city17' AND country_id = 17",
    helps: { customers: ['city', 'country_id'] },
  },
  {
    sql: "SELECT id FROM audit WHERE entity = 'order' AND entity_id = 4711",
    helps: { audit: ['entity_id', 'entity'] },
  },
  {
    sql: 'SELECT id FROM products WHERE category_id = 17 AND price < 100',
    helps: { products: ['category_id'] },
  },
  {
    sql: "SELECT count(*) FROM orders WHERE assigned_to = 42 AND created_at > '2026-03-01'",
    helps: { orders: ['assigned_to'] },
  },
  {
    sql: "SELECT id FROM payments WHERE order_id = 4711 AND state <> 'refunded'",
    helps: { payments: ['order_id'] },
  },
  // A range, an order.
  {
    sql: "SELECT id, total FROM orders WHERE created_at BETWEEN '2026-02-01' AND '2026-02-02'",
    helps: { orders: ['created_at'] },
    only: POSTGRES,
  },
  {
    sql: 'SELECT * FROM orders ORDER BY created_at DESC LIMIT 50',
    helps: { orders: ['created_at'] },
  },
  {
    sql: 'SELECT * FROM orders WHERE customer_id = 4711 ORDER BY created_at DESC LIMIT 20',
    helps: { orders: ['customer_id'] },
  },
  {
    sql: 'SELECT * FROM audit WHERE actor = 42 ORDER BY at DESC LIMIT 10',
    helps: { audit: ['actor'] },
  },
  {
    sql: "SELECT id FROM orders WHERE warehouse_id = 3 AND status = 'new' ORDER BY created_at LIMIT 20",
    helps: { orders: ['warehouse_id', 'status', 'created_at'] },
  },
  { sql: 'SELECT id, sku FROM products ORDER BY price LIMIT 10', helps: { products: ['price'] } },
  // Joins, subqueries, common table expressions.
  {
    sql: 'SELECT o.id, i.product_id FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.customer_id = 4711',
    helps: { orders: ['customer_id'], order_items: ['order_id'] },
  },
  {
    sql: "SELECT p.id, p.state FROM payments AS p JOIN orders AS o ON o.id = p.order_id WHERE o.reference = 'R-4711'",
    helps: { orders: ['reference'], payments: ['order_id'] },
  },
  {
    sql: "SELECT c.name, o.total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE c.email = 'user4711'",
    helps: { customers: ['email'], orders: ['customer_id'] },
  },
  {
    sql: 'SELECT c.id FROM customers c WHERE c.id = 4711 AND EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)',
    helps: { orders: ['customer_id'] },
  },
  {
    sql: 'SELECT id FROM order_items WHERE order_id IN (SELECT id FROM orders WHERE customer_id = 4711)',
    helps: { orders: ['customer_id'], order_items: ['order_id'] },
  },
  {
    sql: 'WITH mine AS (SELECT id, total FROM orders WHERE customer_id = 4711) SELECT count(*), sum(total) FROM mine',
    helps: { orders: ['customer_id'] },
  },
  {
    sql: 'SELECT id FROM orders WHERE customer_id = 1 UNION ALL SELECT id FROM orders WHERE assigned_to = 42',
    helps: { orders: ['customer_id', 'assigned_to'] },
  },
  {
    sql: "SELECT id FROM orders WHERE customer_id = 4711 OR reference = 'R-17'",
    helps: { orders: ['customer_id', 'reference'] },
  },
  // What writes has to find its rows as well.
  {
    sql: "UPDATE payments SET state = 'captured' WHERE external_id = 'pay_4711'",
    helps: { payments: ['external_id'] },
  },
  {
    sql: "DELETE FROM audit WHERE entity = 'order' AND entity_id = 815",
    helps: { audit: ['entity_id', 'entity'] },
  },
  {
    sql: 'SELECT * FROM payments WHERE order_id = 4711 FOR UPDATE',
    helps: { payments: ['order_id'] },
    only: SERVERS,
  },
  // Harder: what a rule of thumb gets wrong, or a value that is not known decides.
  {
    sql: 'SELECT max(created_at) FROM orders WHERE customer_id = 4711',
    helps: { orders: ['customer_id'] },
  },
  {
    sql: "SELECT c.id FROM customers c WHERE c.city = 'city17' AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
    helps: { customers: ['city'], orders: ['customer_id'] },
  },
  {
    sql: 'SELECT b.id FROM audit a JOIN audit b ON b.entity_id = a.entity_id WHERE a.id = 4711',
    helps: { audit: ['entity_id'] },
  },
  {
    sql: "SELECT c.name, sum(i.price) FROM customers c JOIN orders o ON o.customer_id = c.id JOIN order_items i ON i.order_id = o.id WHERE c.email = 'user4711' GROUP BY c.name",
    helps: { customers: ['email'], orders: ['customer_id'], order_items: ['order_id'] },
  },
  {
    sql: 'SELECT p.name FROM order_items i JOIN products p ON p.id = i.product_id WHERE i.order_id = 815',
    helps: { order_items: ['order_id'] },
  },
  {
    sql: 'SELECT product_id, sum(quantity) FROM order_items WHERE order_id IN (7, 8, 9) GROUP BY product_id',
    helps: { order_items: ['order_id'] },
  },
  {
    sql: "SELECT * FROM events WHERE kind = 'pay' ORDER BY at DESC LIMIT 20",
    helps: { events: ['kind', 'at'] },
  },
  {
    sql: 'SELECT id FROM orders WHERE total BETWEEN 5 AND 5.1',
    helps: { orders: ['total'] },
  },
  {
    sql: "SELECT id FROM orders WHERE created_at > '2026-07-27'",
    beyond: 'values',
    helps: { orders: ['created_at'] },
  },
  {
    sql: "SELECT id FROM orders WHERE (created_at, id) < ('2026-02-01', 9000) ORDER BY created_at DESC, id DESC LIMIT 20",
    helps: { orders: ['created_at'] },
  },
  {
    sql: "SELECT id FROM customers WHERE email LIKE 'user471%'",
    beyond: 'values',
    helps: { customers: ['email'] },
  },
  // No index helps: too many rows agree.
  { sql: "SELECT * FROM orders WHERE status = 'paid'", helps: {} },
  { sql: "SELECT id, total FROM orders WHERE status = 'paid' AND total > 1", helps: {} },
  { sql: 'SELECT * FROM customers WHERE active', helps: {} },
  { sql: "SELECT * FROM events WHERE kind = 'click'", helps: {} },
  { sql: "SELECT id FROM customers WHERE city <> 'city17'", helps: {} },
  {
    sql: "SELECT id, captured_at FROM payments WHERE state = 'open' AND provider = 'card'",
    helps: {},
  },
  { sql: "SELECT * FROM payments WHERE state = 'open' AND captured_at > '2026-01-02'", helps: {} },
  // There is one already.
  {
    sql: "SELECT count(DISTINCT session) FROM events WHERE account_id = 7 AND kind = 'pay'",
    helps: {},
  },
  { sql: 'SELECT * FROM events WHERE account_id = 7 ORDER BY at DESC LIMIT 10', helps: {} },
  { sql: "SELECT count(*) FROM events WHERE account_id = 7 AND at > '2026-02-01'", helps: {} },
  { sql: 'SELECT * FROM orders WHERE id = 4711', helps: {} },
  // A small table.
  { sql: "SELECT id FROM countries WHERE name = 'country17'", helps: {} },
  // An expression around the column, a pattern that begins with anything.
  { sql: "SELECT id FROM customers WHERE lower(email) = 'user4711'", helps: {} },
  { sql: 'SELECT id FROM products WHERE price * 2 = 400', helps: {} },
  { sql: "SELECT id FROM customers WHERE coalesce(phone, '') = '+494711'", helps: {} },
  { sql: "SELECT id FROM orders WHERE created_at::date = '2026-02-01'", helps: {}, only: POSTGRES },
  { sql: "SELECT id FROM products WHERE name LIKE '%4711%'", helps: {} },
  // All of it is asked for.
  { sql: 'SELECT count(*) FROM orders', helps: {} },
  { sql: 'SELECT status, sum(total) FROM orders GROUP BY status', helps: {} },
  {
    sql: 'SELECT c.city, count(*) FROM orders o JOIN customers c ON c.id = o.customer_id GROUP BY c.city',
    helps: {},
  },
];

export function statementsFor(kind) {
  return STATEMENTS.filter(({ only }) => only === undefined || only.includes(kind));
}
