/** The example ERP with its carrier, for the database in ERP_DATABASE_URL, without its jobs. SIGTERM ends it. */
import { startCarrier } from '../erp/carrier.js';
import { createErp } from '../erp/server.js';

const carrier = await startCarrier();
const erp = createErp({ databaseUrl: process.env.ERP_DATABASE_URL, carrierUrl: carrier.url });
const url = await erp.listen(0);
console.log(`listening on ${new URL(url).port}`);
process.once('SIGTERM', async () => {
  await erp.close();
  await carrier.close();
});
