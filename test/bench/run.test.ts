/** Real runs of the bench. They need a built agent in dist/ (npm run build). */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { ARMS } from '../../bench/arms.js';
import { startArmProcess } from '../../bench/processes/arm-process.js';

const MAIN = fileURLToPath(new URL('../../bench/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tachograph-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bench = (...argv: string[]) => promisify(execFile)(process.execPath, [MAIN, ...argv]);
const on = ARMS.find(({ role }) => role === 'treatment');
if (on === undefined) throw new Error('expected an arm with the agent');

describe('bench', () => {
  it('runs all arms, checks the sink and prints what it found', async () => {
    const json = join(folder, 'rows.json');
    const argv = '--quick --harness in-memory --workload http-hello --rounds 1 --seed 5 --json';
    const { stdout, stderr } = await bench(...argv.split(' '), json);

    expect(stdout).toContain('in-memory, http-hello: CPU, whole process, µs/request');
    expect(stdout).toContain('cannot tell: 1 of 6 rounds');
    expect(stdout).toContain('seed 5');
    expect(stderr.trim().split('\n')).toHaveLength(ARMS.length);
    const { run, rows } = JSON.parse(readFileSync(json, 'utf8'));
    expect(run).toMatchObject({ seed: 5, plan: 'quick' });
    expect(run.command).toMatch(/^npm run bench -- --quick .*--seed 5$/);
    expect(rows.map(({ arm }: { arm: string }) => arm).sort()).toEqual(['off', 'off2', 'on']);
    for (const { values } of rows) {
      expect(values.processCpuUs).toBeGreaterThan(0);
      expect(values.processCpuUs).toBeGreaterThanOrEqual(values.appCpuUs * 0.9);
    }
  });

  it('compares with an earlier run, and tells nothing from one round', async () => {
    const json = join(folder, 'earlier.json');
    const argv = '--quick --harness in-memory --workload http-hello --rounds 1'.split(' ');
    await bench(...argv, '--json', json);
    const { stdout } = await bench(...argv, '--json', join(folder, 'now.json'), '--against', json);
    const { date } = JSON.parse(readFileSync(json, 'utf8')).run;
    expect(stdout).toContain(`## Against the run of ${date}`);
    expect(stdout).toMatch(/CPU, whole process, µs\/request .*\| cannot tell +\|\n/);
  });

  it('does not measure anything when there is no earlier run to compare with', async () => {
    const missing = join(folder, 'missing.json');
    await expect(bench('--quick', '--against', missing)).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('expected a JSON file'),
    });
  });

  it('does not start with a flag it does not know', async () => {
    await expect(bench('--rounds', 'many')).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('expected a whole number'),
    });
  });

  it('explains itself', async () => {
    expect((await bench('--help')).stdout).toContain('--quick');
  });
});

describe('one run of an arm', () => {
  // Long enough for the agent's worker to be up on a machine that is busy with other tests.
  const task = { workload: 'http-hello', settleMs: 3000, warmUp: 100, measured: 400 };

  it('is believed when every request reached the sink', async () => {
    const child = await startArmProcess(on, 'in-memory.js', task);
    await child.nextMessage();
    expect((await child.finish(500)).requests).toBe(500);
  });

  it('is not believed when a request is missing', async () => {
    const child = await startArmProcess(on, 'in-memory.js', task);
    await child.nextMessage();
    await expect(child.finish(501)).rejects.toThrow('expected 501 requests at the sink, got 500');
  });

  it('is not believed when the agent is switched off, though it looks free', async () => {
    const arm = { ...on, env: () => ({ TACHOGRAPH_ENABLED: 'off' }) };
    const child = await startArmProcess(arm, 'in-memory.js', task);
    await child.nextMessage();
    await expect(child.finish(500)).rejects.toThrow('got none');
  });

  it('is not believed when the agent complains', async () => {
    const arm: typeof on = {
      ...on,
      env: (place) => ({ ...on.env(place), TACHOGRAPH_WINDOW: 'soon' }),
    };
    const child = await startArmProcess(arm, 'in-memory.js', task);
    await child.nextMessage();
    await expect(child.finish(500)).rejects.toThrow('TACHO_OPTION_INVALID');
  });

  it('fails with what the process said when it ends too early', async () => {
    const child = await startArmProcess(on, 'in-memory.js', { workload: 'no-such' });
    await expect(child.nextMessage()).rejects.toThrow('no workload no-such');
    await expect(child.finish()).rejects.toThrow('got 1');
  });
});
