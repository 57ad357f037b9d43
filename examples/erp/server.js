/**
 * Puts the ERP together. Nothing here listens or runs on a schedule by itself, so that a bench or a test can
 * host it in its own process; app.js is the same as a program.
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { adminPages } from './admin/routes.js';
import { auditApi } from './audit/routes.js';
import { dashboardApi, dashboardPages } from './dashboard/routes.js';
import { financeApi, financePages } from './finance/routes.js';
import { hrApi, hrPages } from './hr/routes.js';
import { inventoryApi, inventoryPages } from './inventory/routes.js';
import { requireToken, tokenApi } from './platform/api-token.js';
import { openCache } from './platform/cache.js';
import { openDatabase } from './platform/database.js';
import { errorPage, notFound } from './platform/error-pages.js';
import { FORMATS } from './platform/format.js';
import { requireRole, requireUser, sessions, signInPages } from './platform/sign-in.js';
import { productionApi, productionPages } from './production/routes.js';
import { purchasingApi, purchasingPages } from './purchasing/routes.js';
import { qualityApi, qualityPages } from './quality/routes.js';
import { salesApi } from './sales/api.js';
import { salesPages } from './sales/pages.js';
import { syncApi } from './sync/routes.js';

const FOLDER = dirname(fileURLToPath(import.meta.url));
const RXJS_BUNDLES = join(
  dirname(createRequire(import.meta.url).resolve('rxjs/package.json')),
  'dist/bundles',
);

const SWEEP_MS = 50;

/**
 * What every module is given.
 * @typedef {object} Erp
 * @property {import('pg').Pool} pool
 * @property {import('lru-cache').LRUCache<string, any>} cache
 * @property {string} carrierUrl
 * @property {string} secret Signs sessions and tokens; new at each start.
 */

/**
 * @param {{ databaseUrl: string, carrierUrl?: string | undefined }} options Without a carrier the house tariff
 *   is used.
 */
export function createErp({ databaseUrl, carrierUrl = 'http://127.0.0.1:9' }) {
  const database = openDatabase(databaseUrl);
  /** @type {Erp} */
  const erp = {
    pool: database.pool,
    cache: openCache(),
    carrierUrl,
    secret: randomBytes(32).toString('hex'),
  };
  const app = createApp(erp);
  const server = createServer(app);
  return {
    ...erp,
    app,
    server,
    /**
     * @param {number} port 0 means any free one.
     * @returns {Promise<string>} The base URL.
     */
    listen: (port) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          const address = /** @type {import('node:net').AddressInfo} */ (server.address());
          resolve(`http://127.0.0.1:${address.port}`);
        });
      }),
    /** Answers what is under way, then closes server and pool. */
    async close() {
      if (server.listening) {
        const closed = new Promise((resolve) => server.close(resolve));
        // A kept-alive connection becomes idle only after its last answer, which may be after this moment.
        const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
        await closed;
        clearInterval(sweep);
      }
      await database.close();
    },
  };
}

/** @param {Erp} erp */
function createApp(erp) {
  const app = express();
  app.disable('x-powered-by');
  app.set('views', join(FOLDER, 'views'));
  app.set('view engine', 'ejs');
  app.enable('view cache');
  app.locals.format = FORMATS;

  app.use('/assets', express.static(join(FOLDER, 'public'), { maxAge: '7d' }));
  app.use('/vendor', express.static(RXJS_BUNDLES));
  app.use(express.json({ limit: '100kb' }));
  mountApi(app, erp);

  app.use(express.urlencoded({ extended: false, limit: '100kb' }));
  app.use(sessions(erp.secret));
  app.use(signInPages(erp));
  app.use('/sales', requireUser, salesPages(erp));
  app.use('/inventory', requireUser, inventoryPages(erp));
  app.use('/production', requireUser, productionPages(erp));
  app.use('/purchasing', requireUser, purchasingPages(erp));
  app.use('/finance', requireUser, financePages(erp));
  app.use('/hr', requireUser, requireRole('hr'), hrPages(erp));
  app.use('/quality', requireUser, qualityPages(erp));
  app.use('/admin', requireUser, requireRole(), adminPages(erp));
  app.use(dashboardPages(erp));

  app.use(notFound);
  app.use(errorPage);
  return app;
}

/**
 * @param {express.Express} app
 * @param {Erp} erp
 */
function mountApi(app, erp) {
  const api = express.Router();
  api.use('/auth', tokenApi(erp));
  api.use(requireToken(erp));
  api.use('/sales', salesApi(erp));
  api.use('/inventory', inventoryApi(erp));
  api.use('/production', productionApi(erp));
  api.use('/purchasing', purchasingApi(erp));
  api.use('/finance', financeApi(erp));
  api.use('/hr', hrApi(erp));
  api.use('/quality', qualityApi(erp));
  api.use('/audit', auditApi(erp));
  api.use('/sync', syncApi(erp));
  api.use('/dashboard', dashboardApi(erp));
  app.use('/api/v1', api);
}
