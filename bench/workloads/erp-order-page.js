/**
 * A page of the example ERP as its users see it: Express, a session, eight queries to a real PostgreSQL, a template.
 * Its sockets to the database are real in every harness.
 */
import { once } from 'node:events';
import { signInCookie } from '../../examples/erp/load/sign-in.js';
import { createErp } from '../../examples/erp/server.js';

/**
 * @param {import('./workloads.js').Resources} resources
 * @returns {Promise<import('./workloads.js').App>}
 */
export async function createApp({ databaseUrl }) {
  if (databaseUrl === undefined) throw new Error('erp-order-page: expected a database, got none');
  const erp = createErp({ databaseUrl });
  const cookie = await signInCookie(await erp.listen(0));
  // Whoever measures listens on its own terms, or not at all.
  const closed = once(erp.server, 'close');
  erp.server.close();
  erp.server.closeAllConnections();
  await closed;
  return { server: erp.server, headers: { cookie }, answered: 1, close: erp.close };
}
