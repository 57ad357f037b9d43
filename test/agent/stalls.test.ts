/** What blocks the main thread is told by function, file and line. Real processes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeBatch } from '../../src/transport/decode-batch.js';
import { decodeSpoolFile } from '../../src/transport/spool-file.js';
import { stallsIn } from '../../src/transport/trace-stalls.js';
import {
  type Line,
  lineOf,
  makeFolder,
  PATIENT,
  type RunOptions,
  runApp,
} from '../support/run-app.js';

const STALL = 'nodejs.eventloop.stall';
const ENOUGH_MS = 120_000;

let folders: (() => void)[] = [];
afterEach(() => {
  for (const remove of folders) remove();
  folders = [];
});

/** The application that blocks as `how` says, under the agent or bare. */
function blocks(how: string, options: RunOptions = {}): ReturnType<typeof runApp> {
  const args = how.split(' ');
  const env = { ...PATIENT, ...options.env };
  return runApp('blocks.mjs', { timeoutMs: ENOUGH_MS, ...options, env, args });
}

/** The last reports of blocks; shorter ones may be another program's on a busy machine. */
function endedStalls(lines: readonly Line[], minSeconds = 0.25): Line[] {
  const stalls = lines.filter(({ name }) => name === STALL);
  const ended = stalls.filter((line) => line[`${STALL}.state`] === 'ended');
  return ended.filter((line) => Number(line[`${STALL}.duration`]) >= minSeconds);
}

const place = (line: Line | undefined) => ({
  function: line?.['code.function.name'],
  file: line?.['code.file.path'],
});

/** Whether a checkpoint tells of a block in this function. */
function isSaved(folder: string, name: string): boolean {
  const spool = join(folder, 'spool');
  const slots = readdirSync(spool, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.slot'),
  );
  const parcels = slots.map((path) => decodeSpoolFile(readFileSync(join(spool, path))));
  return parcels
    .flatMap((parcel) => (typeof parcel === 'string' ? [] : decodeBatch(parcel.body).events))
    .some((event) => event.name === STALL && event.attributes.some(([, value]) => value === name));
}

/** What the application itself did; the agent may add nothing to it. */
function behaviour({ code, signal, stdout, stderr }: Awaited<ReturnType<typeof runApp>>) {
  return { code, signal, stdout, stderr };
}

describe('what blocks the event loop', () => {
  it('is told by function, file and line, and leaves the application as it is', async () => {
    const how = 'spin:1500 regex parse hash:1500';
    const [run, bare] = [await blocks(how), await blocks(how, { isBare: true })];
    expect(behaviour(run)).toEqual(behaviour(bare));
    const stalls = endedStalls(run.lines);
    const spin = stalls.find((line) => place(line).function === 'spinningFunction');
    const line = String(lineOf('blocks.mjs', 'turns += 1'));
    expect(spin).toMatchObject({ 'code.file.path': 'blocks.mjs', 'code.line.number': line });
    expect(spin?.['code.stacktrace']).toMatch(/^at spinningFunction .*\nat spin \(blocks\.mjs:\d+/);
    expect(stalls.map(place)).toContainEqual({ function: 'runawayRegex', file: 'blocks.mjs' });
    // A native call is heard of when it returns.
    const native = stalls.filter((line) => line[`${STALL}.approximate`] === 'true');
    expect(native.length).toBeGreaterThan(0);
    for (const line of native) expect(place(line).file).toBe('blocks.mjs');
  }, 240_000);

  it.each(['throw:1500', 'exit:1500'])(
    'is told of a program that ends by it, as it would without the agent (%s)',
    async (how) => {
      const run = await blocks(how);
      expect(behaviour(run)).toEqual(behaviour(await blocks(how, { isBare: true })));
      const told = run.lines.filter((line) => line.name === STALL);
      expect(told.length).toBeGreaterThan(0);
    },
    240_000,
  );

  it('is not asked of scripts whose time may be up meanwhile: they end as without the agent', async () => {
    const options = { timeoutMs: ENOUGH_MS, env: PATIENT };
    const bare = await runApp('script-ends.mjs', { ...options, isBare: true });
    const run = await runApp('script-ends.mjs', options);
    expect(behaviour(run)).toEqual(behaviour(bare));
    const ended = 'ERR_SCRIPT_EXECUTION_TIMEOUT';
    expect(run.stdout.match(new RegExp(`"${ended}","whole","${ended}"`, 'g'))).toHaveLength(12);
    expect(endedStalls(run.lines, 0.1).length).toBeGreaterThan(0);
  }, 240_000);

  it('ends as quietly with a question open and no time to wait', async () => {
    const env = { TACHOGRAPH_EXIT_TIMEOUT: '0' };
    const bare = await blocks('exit:1500', { isBare: true });
    expect(behaviour(await blocks('exit:1500', { env }))).toEqual(behaviour(bare));
  }, 240_000);

  it('is told of a program that was killed while it was blocked', async () => {
    const { path: folder, remove } = makeFolder();
    folders.push(remove);
    const env = { TACHOGRAPH_WINDOW: '60s' };
    const killed = await blocks('spin:60000', {
      folder,
      env,
      onReady: (child) => {
        const timer = setInterval(() => {
          if (!isSaved(folder, 'spinningFunction')) return;
          clearInterval(timer);
          child.kill('SIGKILL');
        }, 100).unref();
      },
    });
    expect(killed.signal).toBe('SIGKILL');
    // The next one finds it; its own worker has a spool from the start.
    const { lines } = await blocks('wait:6000', { folder, env });
    const told = lines.filter(
      (line) => line.name === STALL && line[`${STALL}.state`] === 'ongoing',
    );
    expect(told.map(place)).toContainEqual({ function: 'spinningFunction', file: 'blocks.mjs' });
  }, 240_000);

  it('is not asked for of a process that was stopped', async () => {
    const { lines } = await blocks('wait:6000', {
      onReady: (child) => {
        setTimeout(() => child.kill('SIGSTOP'), 500);
        setTimeout(() => child.kill('SIGCONT'), 3500);
      },
    });
    // Less may be the machine; the stop took three seconds.
    expect(endedStalls(lines, 1.5)).toEqual([]);
  }, 240_000);

  it('is not looked for while an inspector is open, which is said once', async () => {
    const run = await blocks('spin:1500 spin:1500', { flags: ['--inspect=127.0.0.1:0'] });
    expect(run.lines.filter(({ name }) => name === STALL)).toEqual([]);
    expect(run.stderr.match(/TACHO_STALLS_OFF/g)).toHaveLength(1);
  }, 240_000);

  it('is not looked for when the threshold is 0', async () => {
    const run = await blocks('spin:1500', { env: { TACHOGRAPH_STALL_THRESHOLD: '0' } });
    expect(run.lines.filter(({ name }) => name === STALL)).toEqual([]);
  }, 240_000);

  it('is looked for six times a minute at most, and counted beyond', async () => {
    // Many, because a busy machine keeps the worker from seeing some.
    const { lines } = await blocks(Array(18).fill('spin:1000').join(' '));
    const looked = endedStalls(lines).filter((line) => line['code.file.path'] !== undefined);
    expect(looked.length).toBeGreaterThan(0);
    expect(looked.length).toBeLessThanOrEqual(6);
    expect(endedStalls(lines).some((line) => line[`${STALL}.count`] !== undefined)).toBe(true);
  }, 240_000);

  it('is told of in the traces of the requests into whose time it fell', async () => {
    // In one window and in one after another: the trace that ends later is not of the window of the block.
    for (const window of ['60s', '1s']) {
      const { code, lines } = await runApp('blocked-request.mjs', {
        timeoutMs: ENOUGH_MS,
        env: { ...PATIENT, TACHOGRAPH_WINDOW: window },
      });
      expect(code).toBe(0);
      const stallsOf = (route: string) => {
        const trace = lines.find(
          (line) => line.name === 'tachograph.trace' && line['http.route'] === route,
        );
        const { stalls } = stallsIn((trace ?? {}) as unknown as Record<string, string>);
        // Others may be the machine's.
        const own = stalls.filter(({ place }) => place?.function === 'blockingHandler');
        return { isKept: trace !== undefined, own };
      };
      const [blocking, waiting] = [stallsOf('/blocks'), stallsOf('/waits')];
      const line = lineOf('blocked-request.mjs', 'turns += 1');
      for (const { isKept, own } of [blocking, waiting]) {
        expect({ isKept, own }).toMatchObject({
          isKept: true,
          own: [{ place: { file: 'blocked-request.mjs', line } }],
        });
      }
      expect(blocking.own[0]!.startUs).toBeLessThan(waiting.own[0]!.startUs);
      expect(stallsOf('/before')).toEqual({ isKept: true, own: [] });
    }
  }, 240_000);

  it('is told from garbage collection', async () => {
    const { lines } = await blocks('gc:2000', { flags: ['--expose-gc'] });
    const shares = endedStalls(lines, 0).map(
      (line) => Number(line[`${STALL}.gc.duration`] ?? 0) / Number(line[`${STALL}.duration`]),
    );
    expect(shares.some((share) => share > 0.5)).toBe(true);
  }, 240_000);
});
