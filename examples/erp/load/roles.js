/**
 * What the people of the company do, one function a role, one call a session after log-in.
 * A step names the route template first and the address it opens second.
 */

/**
 * What a flow is given.
 * @typedef {object} User
 * @property {(route: string, path?: string) => Promise<import('./browser.js').Sent>} open A page, then think time.
 * @property {(route: string, path: string, form?: Record<string, unknown>) => Promise<import('./browser.js').Sent>} submit
 *   A form; follows the redirect.
 * @property {(method: 'GET' | 'POST', route: string, path?: string, json?: unknown) =>
 *   Promise<import('./browser.js').Sent>} call The API, as a program would.
 * @property {(route: string) => Promise<void>} abandon Opens a page and leaves before it is there.
 * @property {(count: number) => number} id 1 to count.
 * @property {(share: number) => boolean} chance
 * @property {() => boolean} mayOverDeliver Rarely true, see load.js.
 * @property {ReturnType<typeof import('../seed/rows.js').rowCounts>} counts
 */

const API = '/api/v1';

/** @type {Record<string, (user: User) => Promise<void>>} */
export const FLOWS = {
  async sales(user) {
    await user.open('/sales/orders');
    const order = user.id(user.counts.orders);
    await user.open('/sales/orders/:id', `/sales/orders/${order}`);
    await user.open('/sales/customers/:id', `/sales/customers/${user.id(user.counts.customers)}`);
    await user.open('/sales/orders/new');
    await user.submit('/sales/orders', '/sales/orders', {
      customerId: user.id(user.counts.customers),
      productId: user.id(user.counts.products),
      quantity: user.chance(0.1) ? 'a few' : user.id(8),
    });
    const lines = [1, 2].map(() => ({ productId: user.id(user.counts.products), quantity: 2 }));
    const customerId = user.id(user.counts.customers);
    const created = await user.call('POST', `${API}/sales/orders`, undefined, {
      customerId,
      lines,
    });
    if (created.status !== 201) return;
    const { id } = JSON.parse(created.body);
    await user.call('GET', `${API}/sales/orders/:id/rates`, `${API}/sales/orders/${id}/rates`);
    await user.call('POST', `${API}/sales/orders/:id/process`, `${API}/sales/orders/${id}/process`);
    const line = user.chance(0.9) ? 1 : 40;
    await user.call(
      'GET',
      `${API}/sales/orders/:id/lines/:line`,
      `${API}/sales/orders/${id}/lines/${line}`,
    );
    await user.open('/sales/orders/:id', `/sales/orders/${id}`);
    if (user.chance(0.3)) await user.call('GET', `${API}/sales/customers`);
  },

  async warehouse(user) {
    await user.open('/inventory/products', '/inventory/products?search=steel');
    for (let scan = 0; scan < 3; scan++) {
      const barcode = 4_000_000_000_000 + user.id(200) * 7919;
      const code = user.chance(0.04) ? 'smudged' : String(barcode);
      await user.call(
        'GET',
        `${API}/inventory/barcodes/:code`,
        `${API}/inventory/barcodes/${code}`,
      );
    }
    const productId = user.id(user.counts.products);
    await user.open('/inventory/products/:id', `/inventory/products/${productId}`);
    await user.open('/inventory/lots/:lot', `/inventory/lots/L${user.id(2_000)}`);
    const movement = { productId, from: 1, to: 2, quantity: user.chance(0.05) ? 0 : 3 };
    await user.call('POST', `${API}/inventory/movements`, undefined, movement);
    if (user.mayOverDeliver()) {
      const order = approvedPurchase(user);
      const path = `${API}/purchasing/orders/${order}/receipts`;
      const delivery = { line: 1, quantity: 90_000 };
      await user.call('POST', `${API}/purchasing/orders/:id/receipts`, path, delivery);
    }
    await user.open('/inventory/reorder');
  },

  async purchasing(user) {
    await user.open('/purchasing/orders');
    const draft = 3 * user.id(Math.floor(user.counts.purchases / 3));
    await user.open('/purchasing/orders/:id', `/purchasing/orders/${draft}`);
    const path = `${API}/purchasing/orders/${draft}/approve`;
    await user.call('POST', `${API}/purchasing/orders/:id/approve`, path);
    const receipt = `${API}/purchasing/orders/${approvedPurchase(user)}/receipts`;
    const delivery = { line: 2, quantity: 1 };
    await user.call('POST', `${API}/purchasing/orders/:id/receipts`, receipt, delivery);
    await user.call('GET', `${API}/inventory/valuation`);
  },

  async accountant(user) {
    await user.open('/finance/ledger');
    const customer = user.id(user.counts.customers);
    await user.open('/finance/statements/:customerId', `/finance/statements/${customer}`);
    if (user.chance(0.5)) await user.open('/finance/reports/profit-and-loss');
    if (user.chance(0.15)) await user.open('/finance/forecast');
    if (user.chance(0.2)) await user.abandon('/finance/reports/profit-and-loss');
    const entry = { entity: 'sales_order', entityId: user.id(user.counts.orders), action: 'view' };
    await user.call('POST', `${API}/audit/entries`, undefined, entry);
    await user.open('/finance/ledger', `/finance/ledger?page=${1 + user.id(20)}`);
  },

  async hr(user) {
    await user.open('/hr/employees');
    const employee = 8 + user.id(user.counts.employees - 8);
    await user.open('/hr/employees/:id', `/hr/employees/${employee}`);
    const boss = user.chance(0.05);
    await user.open(
      '/hr/employees/:id/chart',
      `/hr/employees/${boss ? user.id(8) : employee}/chart`,
    );
    const month = user.chance(0.05) ? 'October' : '2026-10';
    const run = { departmentId: user.id(8), month };
    if (user.chance(0.5)) await user.call('POST', `${API}/hr/payroll`, undefined, run);
  },

  async quality(user) {
    await user.open('/quality/checks');
    const check = 8 * user.id(Math.floor(user.counts.production / 8));
    await user.open('/quality/checks/:id', `/quality/checks/${check}`);
    const path = `${API}/quality/checks/${check}/complete`;
    const result = { defects: user.chance(0.1) ? 2 : 0 };
    await user.call('POST', `${API}/quality/checks/:id/complete`, path, result);
    await user.open('/inventory/lots/:lot', `/inventory/lots/L${user.id(2_000)}`);
  },

  async planner(user) {
    await user.open('/production/orders');
    const order = { productId: 1 + 5 * user.id(30) - 5, quantity: user.id(20), workCenter: 'Mill' };
    const created = await user.call('POST', `${API}/production/orders`, undefined, order);
    if (created.status !== 201) return;
    const { id } = JSON.parse(created.body);
    const path = `${API}/production/orders/${id}/transition`;
    await user.call('POST', `${API}/production/orders/:id/transition`, path);
    await user.open('/production/orders/:id', `/production/orders/${id}`);
    await user.submit('/production/orders/:id/transition', `/production/orders/${id}/transition`);
    await user.call('POST', `${API}/sync`);
  },

  async admin(user) {
    await user.open('/admin');
    await user.open('/admin/audit');
    await user.call('GET', `${API}/dashboard`);
  },
};

/** @param {User} user */
function approvedPurchase(user) {
  return 3 * user.id(Math.floor(user.counts.purchases / 3) - 1) + 1;
}
