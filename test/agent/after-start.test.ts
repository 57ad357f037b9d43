import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cleanEnvironment } from '../support/run-app.js';

/** To read them takes longer than the first look, and less than all. */
const MODULES = 300;
const MODULE = new URL('../../dist/agent/after-start.js', import.meta.url).href;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tachograph-after-start-'));
  const imports = Array.from({ length: MODULES }, (_, i) => {
    writeFileSync(join(folder, `${i}.mjs`), `export const value = ${i};`);
    return `import './${i}.mjs';`;
  });
  writeFileSync(
    join(folder, 'preload.mjs'),
    `import { afterStart } from '${MODULE}';
     afterStart(() => console.log('first task'));
     afterStart(() => console.log('second task'));`,
  );
  const stay = 'setTimeout(() => {}, 1000);';
  writeFileSync(join(folder, 'many.mjs'), `${imports.join('')}console.log('first line');${stay}`);
  writeFileSync(
    join(folder, 'reads.mjs'),
    `import { readFile } from 'node:fs/promises';
     console.log('first line');
     let isOver = false;
     setTimeout(() => { isOver = true }, 3000);
     while (!isOver) await readFile(import.meta.filename);
     console.log('last line');`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

function linesOf(script: string): string[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', join(folder, 'preload.mjs'), join(folder, script)],
    { encoding: 'utf8', env: cleanEnvironment() },
  );
  expect(stderr).toBe('');
  return stdout.trim().split('\n');
}

it('waits while the ES modules of the application are read', () => {
  expect(linesOf('many.mjs')).toEqual(['first line', 'first task', 'second task']);
});

it('does not wait for an application that reads files all the time', () => {
  expect(linesOf('reads.mjs')).toEqual(['first line', 'first task', 'second task', 'last line']);
});
