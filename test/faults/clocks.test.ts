/** Fault 18: a whole agent that is stopped for a while, and one whose wall clock is set while it runs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, type TestContext } from 'vitest';
import { droppedOf } from '../support/oracle/judge.js';
import { Producer } from '../support/oracle/producer.js';
import { canSetClocks, ProcessClock } from '../support/process-clock.js';
import { makeFolder, runApp } from '../support/run-app.js';
import { sendRest } from './backlog.js';
import { complaintsOfEnd, warningsOf } from './behaviour.js';
import { collectorOfFile } from './collector-of-file.js';

/** Several windows. */
const BEATS = 120;
const TIMEOUT_MS = 120_000;
const DAY_MS = 86_400_000;
/** Times are told in whole ms. */
const ROUNDED_MS = 1;

const collectorUrl = collectorOfFile();

function newFolder({ onTestFinished }: TestContext): string {
  const { path, remove } = makeFolder();
  onTestFinished(remove);
  return path;
}

function start(
  service: string,
  folder: string,
  { onTestFinished }: TestContext,
  env: Readonly<Record<string, string>> = {},
): Producer {
  const producer = new Producer({ service, url: collectorUrl(), folder, env });
  onTestFinished(async () => void (await producer.kill()));
  return producer;
}

/** Ends them, has what they left sent, and all that they recorded must be there once. Nothing may have been said. */
async function expectWhole(folder: string, producers: readonly Producer[]): Promise<void> {
  const url = collectorUrl();
  for (const producer of producers) {
    expect(await producer.isFreshSoon(url)).toBe(true);
    const end = await producer.finish();
    expect(complaintsOfEnd(end)).toEqual([]);
    expect(warningsOf(end)).toEqual([]);
  }
  const rest = await sendRest({ service: `${producers[0]!.service}-rest`, url, folder }, url);
  expect(rest.complaints).toEqual([]);
  for (const producer of producers) {
    expect(await producer.complaints(url)).toEqual([]);
    const { accounts } = await producer.evidence(url);
    expect(droppedOf(accounts[0]!)).toBe(0);
  }
}

describe.concurrent('a whole process that is stopped and goes on', () => {
  async function stopFor(seconds: number, context: TestContext): Promise<void> {
    const folder = newFolder(context);
    const producer = start(`stopped-${seconds}`, folder, context);
    await producer.beats(BEATS);
    producer.child.kill('SIGSTOP');
    await sleep(seconds * 1000);
    producer.child.kill('SIGCONT');
    await producer.beats(BEATS);
    await expectWhole(folder, [producer]);
  }

  it(
    'for 7 s loses nothing and says nothing: longer than an answer is waited for',
    {
      timeout: TIMEOUT_MS,
    },
    (context) => stopFor(7, context),
  );

  it(
    'for 40 s loses nothing and says nothing: its worker is not taken for one that hangs',
    {
      timeout: TIMEOUT_MS,
    },
    (context) => stopFor(40, context),
  );
});

describe
  .runIf(canSetClocks || process.env.CI)
  .concurrent('a process whose wall clock is set', () => {
    it('forward by a day, back by two and right again loses nothing and has nothing twice, nor has its neighbour', {
      timeout: TIMEOUT_MS,
    }, async (context) => {
      const folder = newFolder(context);
      const clock = new ProcessClock(folder);
      const producer = start('clock-set', folder, context, clock.env);
      // On the same spool: it must not take the other for one that is dead.
      const neighbour = start('clock-right', folder, context);
      for (const days of [0, 1, -1, 0]) {
        clock.set(days);
        await producer.beats(BEATS);
      }
      await expectWhole(folder, [producer, neighbour]);
      // It was set, as far as the process could tell.
      expect(await leastSkewDays('clock-set')).toBe(-1);
      expect(await leastSkewDays('clock-right')).toBe(0);
      expect(await countAhead('clock-set')).toBe(0);
    });

    it('dates events, traces and samples by the clock as it is then', {
      timeout: TIMEOUT_MS,
    }, async (context) => {
      const clock = new ProcessClock(newFolder(context));
      const { code, stdout, stderr, lines } = await runApp('dated.mjs', {
        args: ['0', '1', '-1', '0'],
        env: { ...clock.env, TACHOGRAPH_WINDOW: '1s', TACHOGRAPH_TRACE_SAMPLE: '1' },
        timeoutMs: TIMEOUT_MS,
      });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const steps = JSON.parse(stdout.slice('READY '.length)) as Step[];
      expect(steps.map(({ days }) => days)).toEqual([0, 1, -1, 0]);
      for (const [i, { beganMs, endedMs }] of steps.entries()) {
        const told = lines.filter(({ kind }) => kind === 'event');
        const named = (name: string) => told.find((line) => Object.values(line).includes(name))!;
        for (const { time } of [named(`event-${i}`), named(`operation-${i}`)]) {
          expect(Number(time) * 1000).toBeGreaterThanOrEqual(beganMs - ROUNDED_MS);
          expect(Number(time) * 1000).toBeLessThanOrEqual(endedMs + ROUNDED_MS);
        }
        const { sequence } = lines.find(({ name }) => name === `counter-${i}`)!;
        const samples = lines.filter((line) => line.sequence === sequence && line.kind !== 'event');
        expect(samples.length).toBeGreaterThan(1);
        for (const { time, duration } of samples) {
          const [endMs, startMs] = [Number(time) * 1000, (Number(time) - Number(duration)) * 1000];
          expect([endMs, startMs].map((ms) => Math.round(Math.abs(ms - beganMs) / DAY_MS))).toEqual(
            [0, 0],
          );
        }
      }
    });
  });

/** What a process did between two readings of its clock, which was set by so many days. */
interface Step {
  readonly days: number;
  readonly beganMs: number;
  readonly endedMs: number;
}

/** The collector's clock less the process's, when that was furthest ahead. */
async function leastSkewDays(service: string): Promise<number> {
  const answer = await fetch(`${collectorUrl()}/v1/instances?service=${service}`);
  const { instances } = (await answer.json()) as { instances: { skewMs: number }[] };
  return Math.round(instances[0]!.skewMs / DAY_MS);
}

/** Records of a service that lie in the future: ranges are rounded to hours, and what is wrong is so by a day. */
async function countAhead(service: string): Promise<number> {
  const from = String(Date.now() + DAY_MS / 2);
  const range = { from, to: String(Date.now() + 3 * DAY_MS), service };
  const query = new URLSearchParams({ metric: 'http.client.request.duration', ...range });
  const answer = await fetch(`${collectorUrl()}/v1/query?${query}`);
  if (answer.status === 404) return 0;
  const { groups } = (await answer.json()) as { groups: { total: { count: number } }[] };
  return groups.reduce((sum, { total }) => sum + total.count, 0);
}
