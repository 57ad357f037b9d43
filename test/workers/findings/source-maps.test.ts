/** That maps are bounded, in a real worker with as much memory as the agent's. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'tacho-maps-'));
afterAll(() => rmSync(folder, { recursive: true }));
const MODULE = new URL('../../../dist/workers/findings/source-maps.js', import.meta.url).href;
const resourceLimits = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 };

/** A file of one line; each of its segments is a line further on in the source. */
function writeBundle(name: string, mappingsLength: number): string {
  const file = join(folder, name);
  const mappings = 'CACC,'.repeat(mappingsLength / 5).slice(0, -1);
  const map = { version: 3, sources: [`${name}.ts`], names: [], mappings };
  const sourcesContent = ['x'.repeat(1_000_000)];
  writeFileSync(`${file}.map`, JSON.stringify({ ...map, sourcesContent }));
  writeFileSync(file, `//# sourceMappingURL=${name}.map\n`);
  return file;
}

async function originals(files: readonly string[]): Promise<string[]> {
  const code = `const { parentPort, workerData } = require('node:worker_threads');
    import(${JSON.stringify(MODULE)}).then(({ SourceMaps }) => {
      const maps = new SourceMaps();
      parentPort.postMessage(
        workerData.map((file) => maps.original({ file, line: 1, column: 4 }).file),
      );
    });`;
  const worker = new Worker(code, { eval: true, workerData: files, resourceLimits });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
}

it('bundles do not take more memory than the worker has', async () => {
  const files = Array.from({ length: 6 }, (_, i) => writeBundle(`bundle${i}.js`, 1_400_000));
  expect(await originals(files)).toEqual(files.map((file) => `${file}.ts`));
}, 60_000);

it('a bundle whose map is too large has its own lines', async () => {
  const file = writeBundle('large.js', 1_600_000);
  expect(await originals([file])).toEqual([file]);
}, 60_000);
