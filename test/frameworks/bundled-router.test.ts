/** An application bundled into one file has no file to hook: Express 5 is heard by its channel. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { FRAMEWORK_ADAPTERS } from '../../src/agent/frameworks/framework-adapters.js';
import type { ProbeHost } from '../../src/agent/probe.js';
import { startAdapters } from '../../src/agent/start-adapters.js';
import { declare, type Express, treeOf, visit } from './router-trees.js';

const folder = mkdtempSync(join(tmpdir(), 'tachograph-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

startAdapters(FRAMEWORK_ADAPTERS, {
  warn: (code: string, detail: string) => {
    throw new Error(`${code} ${detail}`);
  },
} as unknown as ProbeHost);

it('names every route of any tree of routers of a bundled express 5 by its template', async () => {
  const outfile = join(folder, 'express.cjs');
  buildSync({ entryPoints: ['express'], bundle: true, platform: 'node', outfile });
  const express = createRequire(import.meta.url)(outfile) as Express;
  await fc.assert(
    fc.asyncProperty(treeOf(3), async (shape) => {
      const app = express();
      for (const template of declare(express, app, shape, '')) {
        expect(await visit(app, template)).toBe(template);
      }
    }),
    { numRuns: 50 },
  );
});
