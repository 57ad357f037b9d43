/** Threads of a real application that end at awkward moments: what they recorded is there, once. */
import { describe, expect, it } from 'vitest';
import { countOf, PATIENT, type Run, type RunOptions, runApp } from '../support/run-app.js';

const DURATION = 'http.server.request.duration';
const SLOT = 'tachograph.thread.slot';

/** A hundred threads, and each an agent's start: 62 s were seen at a load of 14 on 2 cores, and more than 80 at 20. */
const RUN_MS_MAX = 170_000;
const TEST_MS_MAX = 180_000;

function run(how: string, options: RunOptions = {}): Promise<Run> {
  const env = { ...PATIENT, ...options.env };
  return runApp('thread-lives.mjs', { timeoutMs: RUN_MS_MAX, ...options, env, args: [how] });
}

/** Requests that threads served, of all batches. */
function served({ lines }: Run): number {
  return countOf(lines, DURATION, { 'http.route': '/in-thread' });
}

/** Threads were told apart by numbers from 1, and by none above `max`. */
function expectSlotsUpTo(max: number, { lines }: Run): void {
  const slots = lines.flatMap((line) => (line[SLOT] === undefined ? [] : [Number(line[SLOT])]));
  expect(Math.min(...slots)).toBe(1);
  expect(Math.max(...slots)).toBeLessThanOrEqual(max);
}

describe('worker threads of the application', { timeout: TEST_MS_MAX }, () => {
  it('that ended before the agent’s worker was up are counted', async () => {
    const ended = await run('early');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(served(ended)).toBe(30 * 3);
  });

  it('that were terminated before the main thread turned its loop are counted', async () => {
    const ended = await run('terminated');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(served(ended)).toBe(5 * 3);
  });

  it('that the main thread had no time to hear of before the process ended are counted', async () => {
    const ended = await run('exit');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(served(ended)).toBe(5 * 3);
  });

  it('that came and went while the agent’s worker was dead are counted', async () => {
    const ended = await run('crashed', { flags: ['--import', './catch-worker.mjs'] });
    expect(ended.code).toBe(0);
    expect(ended.stderr.match(/TACHO_WORKER_CRASHED/g)).toHaveLength(1);
    expect(served(ended)).toBe(10 * 3);
  });

  it('that a pool replaces again and again bring no more series than the pool has places', async () => {
    const ended = await run('churn', {
      // Each server has a port of its own: to the clients, a hundred hosts.
      env: { TACHOGRAPH_SERIES_MAX: '200', TACHOGRAPH_PROBES: 'all,-http-client,-net' },
    });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(served(ended)).toBe(100 * 2);
    expect(ended.lines.some((line) => Object.values(line).includes('(other)'))).toBe(false);
    expectSlotsUpTo(4, ended);
  });

  it('that are within others are counted, and end with the one that they are in', async () => {
    const ended = await run('nested');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(served(ended)).toBe(3 * 3 * 3);
    expectSlotsUpTo(3, ended);
  });
});
