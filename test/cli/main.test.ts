/** The command as a whole, as built. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { MAIN } from '../support/collector-process.js';

it('a reader that goes away early is no failure, and is told nothing', async () => {
  const child = spawn(process.execPath, [MAIN, 'config'], { env: { PATH: process.env.PATH } });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdout.destroy();
  const [code] = (await once(child, 'close')) as [number | null];
  expect([code, stderr]).toEqual([0, '']);
});
