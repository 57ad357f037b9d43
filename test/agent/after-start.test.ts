import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAfterStart } from '../../src/agent/after-start.js';
import { cleanEnvironment } from '../support/run-app.js';

const MODULE = new URL('../../dist/agent/after-start.js', import.meta.url).href;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tachograph-after-start-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What comes, as looks and tasks, while the application loads during `looks`. */
async function comesWith(looks: number): Promise<string[]> {
  const came: string[] = [];
  const afterStart = createAfterStart(() => {
    came.push('look');
    return came.length <= looks;
  });
  await new Promise<void>((resolve) => {
    afterStart(() => came.push('first task'));
    afterStart(() => {
      came.push('second task');
      resolve();
    });
    // The timer alone keeps no process alive.
    setTimeout(resolve, 20_000);
  });
  return came;
}

it('looks until the application has loaded, then runs its tasks in order', async () => {
  expect(await comesWith(0)).toEqual(['look', 'first task', 'second task']);
  expect(await comesWith(2)).toEqual(['look', 'look', 'look', 'first task', 'second task']);
});

it('does not wait for ever', async () => {
  const came = await comesWith(Number.POSITIVE_INFINITY);
  expect(came).toEqual([...Array(4).fill('look'), 'first task', 'second task']);
});

function linesOf(script: string, code: string): string[] {
  writeFileSync(
    join(folder, 'preload.mjs'),
    `import { createAfterStart } from '${MODULE}';
     createAfterStart()((lateMs) => console.log(lateMs >= 1000 ? 'late' : 'in time'));
     globalThis.seen = new Set();
     setInterval(() => process.getActiveResourcesInfo().forEach((each) => seen.add(each)), 1).unref();`,
  );
  writeFileSync(join(folder, script), code);
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', join(folder, 'preload.mjs'), join(folder, script)],
    { encoding: 'utf8', env: cleanEnvironment() },
  );
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

it('tells how late it came to an application that computed as it began', () => {
  const block = 'const endMs = Date.now() + 2000; while (Date.now() < endMs);';
  expect(linesOf('blocks.cjs', `${block} setTimeout(() => {}, 500);`)).toEqual(['late']);
});

it('can see that ES modules are read, where timers come before the first line at all', () => {
  const imports = Array.from({ length: 300 }, (_, i) => {
    writeFileSync(join(folder, `${i}.mjs`), `export const value = ${i};`);
    return `import './${i}.mjs';`;
  });
  const [said] = linesOf(
    'many.mjs',
    `${imports.join('')}console.log(seen.size === 0 || seen.has('FSReqPromise'));process.exit()`,
  ).filter((line) => line !== 'in time' && line !== 'late');
  expect(said).toBe('true');
});
