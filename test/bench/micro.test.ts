/** Each of the small parts that the bench times, in a child as the bench starts it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { MICRO_TASKS } from '../../bench/micro/tasks.js';

const CHILD = fileURLToPath(new URL('../../bench/children/micro.js', import.meta.url));

it.each(MICRO_TASKS.map(({ name }) => name))('%s is timed', async (name) => {
  const task = JSON.stringify({ name, seed: 1, taskMs: 1 });
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, task]);
  const row = JSON.parse(stdout) as Record<string, number>;
  expect(Object.keys(row)).toEqual([name]);
  expect(row[name]).toBeGreaterThan(0);
});
