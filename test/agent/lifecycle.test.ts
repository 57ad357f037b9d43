import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  countOf,
  makeFolder,
  PATIENT,
  type Run,
  type RunOptions,
  runApp as runAnyApp,
} from '../support/run-app.js';

const DURATION = 'http.server.request.duration';

let folders: (() => void)[] = [];
afterEach(() => {
  for (const remove of folders) remove();
  folders = [];
});
function folder(): string {
  const { path, remove } = makeFolder();
  folders.push(remove);
  return path;
}

function runApp(script: string, options: RunOptions = {}): Promise<Run> {
  return runAnyApp(script, { ...options, env: { ...PATIENT, ...options.env } });
}

/** What the application itself did; the agent may add nothing to it. */
function behaviour({ code, signal, stdout }: Run) {
  return { code, signal, stdout };
}

describe('the end of a process', () => {
  it.each(['natural', 'exit', 'throw', 'reject'])(
    'by %s loses nothing and ends as it would without the agent',
    async (mode) => {
      const bare = await runApp('end.mjs', { args: [mode, '10'], isBare: true });
      const run = await runApp('end.mjs', { args: [mode] });
      expect(behaviour(run)).toEqual(behaviour(bare));
      expect(countOf(run.lines, DURATION, { 'http.route': '/work' })).toBe(50);
    },
  );

  it('by process.exit in a script of node:vm comes before the script’s timeout, whoever hangs', async () => {
    const hangs = createServer().listen(0, '127.0.0.1');
    await once(hangs, 'listening');
    const { port } = hangs.address() as AddressInfo;
    const bare = await runApp('end-in-script.mjs', { isBare: true });
    const env = { TACHOGRAPH_URL: `http://127.0.0.1:${port}` };
    const run = await runApp('end-in-script.mjs', { env });
    hangs.close();
    expect(bare).toMatchObject({ code: 3, stdout: '' });
    expect(behaviour(run)).toEqual(behaviour(bare));
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'by %s loses nothing and is still death by that signal',
    async (signal) => {
      const run = await runApp('end.mjs', {
        args: ['stay'],
        onReady: (child) => child.kill(signal),
      });
      expect(run.signal).toBe(signal);
      expect(countOf(run.lines, DURATION)).toBe(50);
    },
  );

  it('by SIGTERM leaves the decision to a handler of the application', async () => {
    const run = await runApp('end.mjs', {
      args: ['own-handler'],
      onReady: (child) => child.kill('SIGTERM'),
    });
    expect(run.code).toBe(7);
    expect(run.stdout).toContain('own handler');
    expect(countOf(run.lines, DURATION)).toBe(50);
  });

  it('by Ctrl-C is not delayed by a thread that is stuck in a loop', async () => {
    const run = await runApp('stuck.mjs', {
      args: ['loop'],
      // Past the two seconds after which the agent gives the signal back; on a busy machine, again.
      onReady: (child) => {
        setTimeout(() => child.kill('SIGINT'), 4000);
        setInterval(() => child.kill('SIGINT'), 5000).unref();
      },
    });
    expect(run.signal).toBe('SIGINT');
    expect(run.stderr).toBe('');
  });

  it.each([
    ['SIGTERM', 'loop', '3000', 300],
    ['SIGTERM', 'system-call', '3000', 300],
    ['SIGINT', 'system-call', '3000', 300],
    ['SIGINT', 'system-call', '6000', 4500],
  ] as const)(
    'by %s comes when a block (%s, %s ms) ends in which it was sent after %i ms, and loses nothing',
    async (signal, block, blockMs, afterMs) => {
      const run = await runApp('stuck.mjs', {
        args: [block, blockMs],
        onReady: (child) => setTimeout(() => child.kill(signal), afterMs),
      });
      expect(run.signal).toBe(signal);
      expect(run.stdout).toBe('READY\n');
      expect(countOf(run.lines, DURATION)).toBe(50);
    },
  );

  it('by SIGINT loses nothing after a block that has ended', async () => {
    const run = await runApp('stuck.mjs', {
      args: ['loop', '4000'],
      onReady: (child) => setTimeout(() => child.kill('SIGINT'), 5000),
    });
    expect(run.signal).toBe('SIGINT');
    expect(countOf(run.lines, DURATION)).toBe(50);
  });

  it.each(['SIGTERM', 'SIGINT'])(
    'does not come by %s for process 1, which the kernel keeps it from; recording goes on',
    async (signal) => {
      const launcher = ['unshare', '--pid', '--fork', '--mount-proc'];
      const bare = await runApp('init.mjs', { args: [signal], launcher, isBare: true });
      const run = await runApp('init.mjs', { args: [signal], launcher });
      expect(bare).toMatchObject({ code: 0, stdout: 'READY 1\n' });
      expect(behaviour(run)).toEqual(behaviour(bare));
      expect(countOf(run.lines, DURATION)).toBe(100);
    },
  );

  it('by SIGKILL loses at most what the last second brought; the next process delivers it', async () => {
    const path = folder();
    const killed = await runApp('end.mjs', {
      // It is ready once a checkpoint holds all.
      args: ['saved'],
      folder: path,
      env: { TACHOGRAPH_WINDOW: '60s' },
      onReady: (child) => child.kill('SIGKILL'),
    });
    expect(killed.signal).toBe('SIGKILL');
    const next = await runApp('end.mjs', { args: ['natural'], folder: path });
    expect(countOf(next.lines, DURATION)).toBe(100);
    const boots = new Set(next.lines.filter(({ name }) => name === DURATION).map((l) => l.boot));
    expect(boots.size).toBe(2);
  });

  it('waits for nobody when the worker is not up yet', async () => {
    const run = await runApp('short.mjs');
    expect(run).toMatchObject({ code: 0, signal: null, stdout: 'READY\n', stderr: '' });
  });
});

describe('an application', () => {
  it.each(['signal-exit', 'prepend-once'])(
    'that ends itself at SIGTERM in the manner of %s does so as without the agent',
    async (mode) => {
      const options = {
        args: [mode],
        onReady: (child: { kill(signal: NodeJS.Signals): boolean }) => child.kill('SIGTERM'),
      };
      const bare = await runApp('polite.mjs', { ...options, isBare: true });
      expect(behaviour(await runApp('polite.mjs', options))).toEqual(behaviour(bare));
    },
  );

  it.each(['compile', 'globals', 'reconnect'])('sees nothing of the agent: %s', async (mode) => {
    const bare = await runApp('polite.mjs', { args: [mode], isBare: true });
    const run = await runApp('polite.mjs', { args: [mode] });
    expect({ ...behaviour(run), stderr: run.stderr }).toEqual({
      ...behaviour(bare),
      stderr: bare.stderr,
    });
  });
});

describe('the agent', () => {
  it('says nothing and records nothing when it is switched off', async () => {
    const run = await runApp('end.mjs', {
      args: ['natural', '10'],
      env: { TACHOGRAPH_ENABLED: 'off' },
    });
    expect(run).toMatchObject({ code: 0, stderr: '', lines: [] });
  });

  it('warns once about a bad option and goes on with its default', async () => {
    const run = await runApp('end.mjs', {
      args: ['natural'],
      env: { TACHOGRAPH_WINDOW: 'soon', TACHOGRAPH_WINDWO: '5s' },
    });
    expect(run.stderr.match(/TACHO_OPTION_INVALID/g)).toHaveLength(1);
    expect(run.stderr).toContain('got "soon"; using 10s');
    expect(run.stderr).toContain('did you mean TACHOGRAPH_WINDOW?');
    expect(countOf(run.lines, DURATION)).toBe(50);
  });

  it('records the worker threads of the application, also those that are terminated', async () => {
    const run = await runApp('threads.mjs');
    expect(run.code).toBe(0);
    expect(countOf(run.lines, DURATION, { 'http.route': '/in-thread' })).toBe(40);
    const threads = run.lines.filter(({ name }) => name === 'nodejs.eventloop.delay');
    expect(threads.map((line) => line['tachograph.thread.slot'])).toContainEqual('1');
  });

  it('keeps out of fake clocks, and measures by the real one', async () => {
    const run = await runApp('fake-clock.mjs');
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toBe('READY 0\n');
    expect(countOf(run.lines, DURATION)).toBe(10);
    const line = run.lines.find(({ name }) => name === DURATION);
    expect(line?.min).toBeGreaterThan(0.01);
  });

  it('does not take a process that was stopped for one whose worker hangs', async () => {
    const run = await runApp('stopped.mjs', {
      env: {
        NODE_OPTIONS: '--import ./jumping-clock.mjs',
        TACHOGRAPH_SAMPLE_INTERVAL: '250ms',
      },
    });
    expect(run).toMatchObject({ code: 0, stdout: 'READY\n', stderr: '' });
  });

  it('outlives its own worker: nothing saved is lost, nothing is counted twice', async () => {
    const run = await runApp('crash-worker.mjs', {
      flags: ['--import', './catch-worker.mjs'],
    });
    expect(run.code, run.stderr).toBe(0);
    expect(run.stderr.match(/TACHO_WORKER_CRASHED/g)).toHaveLength(1);
    expect(countOf(run.lines, DURATION)).toBe(50);
  });
});

describe('requests', () => {
  it('that the client cuts off are counted as aborted, once each', async () => {
    const { lines, code } = await runApp('aborts.mjs');
    expect(code).toBe(0);
    const count = (where: Record<string, string>): number => countOf(lines, DURATION, where);
    expect(count({ 'http.route': '/whole', 'http.response.status_class': '2xx' })).toBe(30);
    expect(count({ 'http.route': '/headless', 'error.type': 'aborted' })).toBe(6);
    expect(count({ 'http.route': '/partial', 'error.type': 'aborted' })).toBe(6);
    expect(count({})).toBe(42);
  });

  it('that are pipelined on one connection are all counted, with their own status', async () => {
    const { lines, code } = await runApp('pipeline.mjs');
    expect(code).toBe(0);
    expect(countOf(lines, DURATION, { 'http.response.status_class': '2xx' })).toBe(10);
    expect(countOf(lines, DURATION, { 'http.response.status_class': '5xx' })).toBe(10);
    expect(countOf(lines, DURATION, { 'error.type': 'aborted' })).toBe(0);
  });
});
