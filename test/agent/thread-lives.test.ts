/** Threads of a real application that end at awkward moments: what they recorded is there, once. */
import { describe, expect, it } from 'vitest';
import { countOf, type Run, runApp } from '../support/run-app.js';

const DURATION = 'http.server.request.duration';
const SLOT = 'tachograph.thread.slot';

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

describe('worker threads of the application', () => {
  it('that ended before the agent’s worker was up are counted', async () => {
    const run = await runApp('thread-lives.mjs', { args: ['early'] });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(served(run)).toBe(30 * 3);
  });

  it('that were terminated before the main thread turned its loop are counted', async () => {
    const run = await runApp('thread-lives.mjs', { args: ['terminated'] });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(served(run)).toBe(5 * 3);
  });

  it('that the main thread had no time to hear of before the process ended are counted', async () => {
    const run = await runApp('thread-lives.mjs', { args: ['exit'] });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(served(run)).toBe(5 * 3);
  });

  it('that came and went while the agent’s worker was dead are counted', async () => {
    const run = await runApp('thread-lives.mjs', {
      args: ['crashed'],
      flags: ['--import', './catch-worker.mjs'],
    });
    expect(run.code).toBe(0);
    expect(run.stderr.match(/TACHO_WORKER_CRASHED/g)).toHaveLength(1);
    expect(served(run)).toBe(10 * 3);
  });

  it('that a pool replaces again and again bring no more series than the pool has places', {
    // A hundred threads, and each an agent's start.
    timeout: 90_000,
  }, async () => {
    const run = await runApp('thread-lives.mjs', {
      args: ['churn'],
      // Each server has a port of its own: to the clients, a hundred hosts.
      env: { TACHOGRAPH_SERIES_MAX: '200', TACHOGRAPH_PROBES: 'all,-http-client,-net' },
      timeoutMs: 80_000,
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(served(run)).toBe(100 * 2);
    expect(run.lines.some((line) => Object.values(line).includes('(other)'))).toBe(false);
    expectSlotsUpTo(4, run);
  });

  it('that are within others are counted, and end with the one that they are in', async () => {
    const run = await runApp('thread-lives.mjs', { args: ['nested'] });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(served(run)).toBe(3 * 3 * 3);
    expectSlotsUpTo(3, run);
  });
});
