/** Rows of the adapter table: template engines, and what renders through them. */
import type { Adapter } from '../adapter.js';
import { patchExpressView } from './express-view.js';
import { patchReactServer } from './react-server.js';
import {
  patchEjs,
  patchEta,
  patchHandlebars,
  patchNunjucks,
  patchPug,
} from './template-engines.js';

const EJS = {
  library: 'ejs',
  tested: 'ejs 2.7, 3.0, 3.1, 4.0, 5.0, 6.0, 7.0',
  probe: 'templates',
} as const;
const ETA = { library: 'eta', probe: 'templates' } as const;

export const TEMPLATE_ADAPTERS: readonly Adapter[] = [
  {
    library: '`res.render` of express 4 and 5',
    tested: 'express 4.22, 5.3',
    probe: 'templates',
    tier: 'after-hook',
    file: 'lib/view.js',
    patch: patchExpressView,
  },
  ...['ejs/lib/cjs/ejs.js', 'ejs/lib/ejs.js'].map(
    (file): Adapter => ({
      ...EJS,
      tier: 'after-hook',
      file,
      patch: ({ exports }, host) => patchEjs(exports as object, host),
    }),
  ),
  {
    ...EJS,
    tier: 'esm',
    packageName: 'ejs',
    files: ['lib/esm/ejs.js'],
    patch: (exports, host) => patchEjs((exports as { default: object }).default, host),
  },
  {
    library: 'pug',
    tested: 'pug 2.0, 3.0',
    probe: 'templates',
    tier: 'after-hook',
    file: 'pug/lib/index.js',
    patch: patchPug,
  },
  {
    library: 'handlebars',
    tested: 'handlebars 3.0, 4.0, 4.7',
    probe: 'templates',
    tier: 'after-hook',
    file: 'handlebars/dist/cjs/handlebars/runtime.js',
    patch: patchHandlebars,
  },
  {
    library: 'nunjucks',
    tested: 'nunjucks 3.0, 3.2',
    probe: 'templates',
    tier: 'after-hook',
    file: 'nunjucks/src/environment.js',
    patch: patchNunjucks,
  },
  ...['eta/dist/index.cjs', 'eta/dist/eta.umd.js'].map(
    (file): Adapter => ({
      ...ETA,
      tested: 'eta 3.5, 4.6',
      tier: 'after-hook',
      file,
      patch: ({ exports }, host) => patchEta(exports as object, host),
    }),
  ),
  {
    ...ETA,
    tested: 'eta 3.5, 4.0, 4.6',
    tier: 'esm',
    packageName: 'eta',
    files: ['dist/index.mjs', 'dist/index.js', 'dist/eta.module.mjs'],
    patch: patchEta,
  },
  {
    library: 'react-dom/server',
    tested: 'react-dom 17.0, 18.3, 19.3',
    probe: 'templates',
    tier: 'after-hook',
    file: 'react-dom/server.node.js',
    patch: patchReactServer,
  },
];
