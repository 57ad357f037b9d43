/**
 * The sampler as JavaScript in a folder of its own, for tests that need it in another process. No
 * package can be found from there, so a process that samples the kernel proves at the same time that
 * it loads no library.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

export interface CompiledSampler {
  readonly folder: string;
  /** Writes a module beside the sampler, which it imports as `./workers/system/system-sampler.js`. */
  script(name: string, text: string): string;
  remove(): void;
}

/** What a script begins with: a sink that sums counters and keeps gauges by `name{a=v}`. */
const SCRIPT_HEAD = `
import { createSystemSampler } from './workers/system/system-sampler.js';
const seen = {};
const keyOf = (metric, attributes = []) =>
  metric.name + '{' + attributes.map((pair) => pair.join('=')).join(',') + '}';
const sink = {
  observe() {},
  add(metric, delta, attributes) {
    const key = keyOf(metric, attributes);
    seen[key] = (seen[key] ?? 0) + delta;
  },
  set(metric, value, attributes) {
    if (value >= 0) seen[keyOf(metric, attributes)] = value;
  },
};
const clock = () => performance.now();
const busyFor = (ms) => {
  const end = performance.now() + ms;
  while (performance.now() < end);
};
`;

export function compileSampler(): CompiledSampler {
  const folder = mkdtempSync(join(tmpdir(), 'tacho-compiled-'));
  const options = '--ignoreConfig --rootDir src --module nodenext --target es2023 --lib es2023';
  execFileSync(
    process.execPath,
    [
      join(REPOSITORY, 'node_modules/typescript/bin/tsc'),
      ...options.split(' '),
      ...['--types', 'node', '--skipLibCheck', '--strict', '--outDir', folder],
      'src/workers/system/system-sampler.ts',
    ],
    { cwd: REPOSITORY, stdio: 'pipe' },
  );
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n');
  return {
    folder,
    script(name, text) {
      const path = join(folder, name);
      writeFileSync(path, SCRIPT_HEAD + text);
      return path;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
