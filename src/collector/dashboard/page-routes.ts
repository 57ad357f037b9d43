/** `/`, the pages of the dashboard and their assets. Open to whoever may ask this host: they hold no data. */
import type { Context, Hono } from 'hono';
import { DASHBOARD_PAGES } from '../../shared/dashboard-pages.js';
import { HttpError } from '../http/http-error.js';
import { encodingFor, type PageFile } from './page-files.js';
import { PAGE_HEADERS } from './page-headers.js';

const YEAR_S = 31_536_000;

export function addPageRoutes(app: Hono, files: ReadonlyMap<string, PageFile> | undefined): void {
  const page = (context: Context): Promise<Response> => answer(context, files?.get('/'));
  app.get('/', page);
  for (const name of DASHBOARD_PAGES) app.get(`/${name}`, page);
  app.get('/assets/:name', (context) => answer(context, files?.get(context.req.path)));
}

async function answer(context: Context, file: PageFile | undefined): Promise<Response> {
  if (file === undefined) {
    const message = 'expected a built dashboard, got none: npm run build makes it.';
    throw new HttpError(404, 'no_dashboard', message);
  }
  const headers = new Headers(PAGE_HEADERS);
  headers.set('etag', file.etag);
  headers.set('vary', 'accept-encoding');
  headers.set(
    'cache-control',
    file.isImmutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache',
  );
  if (context.req.header('if-none-match') === file.etag) {
    return new Response(null, { status: 304, headers });
  }
  const encoding = encodingFor(context.req.header('accept-encoding'));
  headers.set('content-type', file.type);
  if (encoding !== 'identity') headers.set('content-encoding', encoding);
  const bytes = await file.bytesIn(encoding);
  return new Response(new Uint8Array(bytes), { headers });
}
