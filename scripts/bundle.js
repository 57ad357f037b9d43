/**
 * Joins what a preload and the agent's worker load into one file each, in place: an ES module costs
 * about 0.4 ms to resolve, read and link, and there are some 40 on the application's thread and 100
 * in the worker. docs/internals/performance.md has the figures. Dependencies stay outside, so that a
 * user's audit sees them; types come from the compiler.
 */
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Files of dist, each replaced by itself with everything of ours that it imports. */
const ENTRIES = ['agent/agent.js', 'workers/agent-worker.js'];

/** @param {string} dist */
export function bundle(dist) {
  for (const entry of ENTRIES) {
    const file = join(dist, entry);
    buildSync({
      entryPoints: [file],
      outfile: file,
      allowOverwrite: true,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20.19',
      // Smaller to read and parse; names stay, for stack traces.
      minifyWhitespace: true,
      minifySyntax: true,
      keepNames: false,
      legalComments: 'none',
      logLevel: 'error',
    });
  }
}
