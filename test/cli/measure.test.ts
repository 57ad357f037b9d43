/** `tachograph measure` as people run it: a process around real commands, with a file as the collector. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startCollector } from '../../src/collector/start-collector.js';
import { cleanEnvironment, type Line, makeFolder, readLines } from '../support/run-app.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

let folder: ReturnType<typeof makeFolder>;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  return spawn(process.execPath, [MAIN, 'measure', ...args], {
    cwd: folder.path,
    env: {
      ...cleanEnvironment(),
      TACHOGRAPH_URL: pathToFileURL(join(folder.path, 'out.ndjson')).href,
      TACHOGRAPH_SPOOL_DIR: join(folder.path, 'spool'),
      ...env,
    },
    stdio: 'pipe',
  });
}

async function ended(
  child: ChildProcess,
): Promise<{ code: number | null; out: string; err: string }> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** The operations in a file, without the rest of the lines. */
function recorded(): Partial<Line>[] {
  return readLines(join(folder.path, 'out.ndjson'))
    .filter(({ name }) => name === 'tachograph.operation.duration')
    .map((line) => ({
      name: line['tachograph.operation.name'],
      module: line['tachograph.module'],
      error: line['error.type'],
      count: line.count,
    })) as Partial<Line>[];
}

it('records a command that succeeds, and passes its input, output and arguments through', async () => {
  const script = `process.stdin.pipe(process.stdout); console.error(process.argv.slice(1).join())`;
  const child = start(['copy', '--', process.execPath, '-e', script, 'a b', '--', '--kind']);
  child.stdin?.end('through');
  expect(await ended(child)).toEqual({ code: 0, out: 'through', err: 'a b,--,--kind\n' });
  expect(recorded()).toEqual([
    { name: 'copy', module: 'management_commands', error: undefined, count: 1 },
  ]);
});

it.each([
  ['migration', 'migration_execution'],
  ['backup', 'backup_operation'],
])(
  'records a failed %s with the budget of its kind, and ends with its exit code',
  async (kind, module) => {
    const { code } = await ended(
      start(['night', '--kind', kind, '--', process.execPath, '-e', 'process.exit(3)']),
    );
    expect(code).toBe(3);
    expect(recorded()).toEqual([{ name: 'night', module, error: 'exit 3', count: 1 }]);
  },
);

it('forwards a signal, waits for the command, and records how it ended', async () => {
  const script = `setInterval(() => {}, 1000); console.log('up')`;
  const child = start(['sleep', '--', process.execPath, '-e', script]);
  await once(child.stdout!, 'data');
  child.kill('SIGTERM');
  expect((await ended(child)).code).toBe(128 + 15);
  expect(recorded()).toMatchObject([{ name: 'sleep', error: 'SIGTERM' }]);
});

it('lies in the window in which the command ended, however long it took', async () => {
  const script = 'setTimeout(() => {}, 1500)';
  await ended(start(['long', '--', process.execPath, '-e', script], { TACHOGRAPH_WINDOW: '1s' }));
  const lines = readLines(join(folder.path, 'out.ndjson'));
  const line = lines.find(({ name }) => name === 'tachograph.operation.duration');
  expect(line?.duration).toBe(1);
  expect(line?.sum).toBeGreaterThanOrEqual(1.5);
});

it('delivers to a collector', async () => {
  const collector = await startCollector({
    folder: join(folder.path, 'data'),
    port: 0,
    queryThreads: 0,
    log: () => {},
  });
  try {
    const { url } = collector;
    const { err } = await ended(
      start(['nightly', '--url', url, '--', process.execPath, '-e', '0']),
    );
    expect(err).toBe('');
    const answer = await fetch(`${url}/v1/metrics`);
    expect(await answer.text()).toContain('tachograph.operation.duration');
  } finally {
    await collector.close();
  }
});

it('leaves what a collector does not take to the spool, says so, and still ends as the command did', async () => {
  const away = { TACHOGRAPH_URL: 'http://127.0.0.1:9' };
  const { code, err } = await ended(
    start(['kept', '--', process.execPath, '-e', 'process.exit(7)'], away),
  );
  expect(code).toBe(7);
  expect(err).toContain('TACHO_COLLECTOR_UNREACHABLE');
});

it('records nothing when there is no such command', async () => {
  const { code, err } = await ended(start(['gone', '--', './no-such-command']));
  expect(code).toBe(127);
  expect(err).toContain('found no "./no-such-command"');
  expect(recorded()).toEqual([]);
});

it.each([
  [['--', 'true'], 'expected one name'],
  [['a', 'b', '--', 'true'], 'expected one name'],
  [['name'], 'expected a command after --'],
  [['name', '--kind', 'toString', '--', 'true'], '--kind: expected one of'],
])('refuses %j', async (args, message) => {
  const { code, err } = await ended(start(args));
  expect({ code, isSaid: err.includes(message) }).toEqual({ code: 2, isSaid: true });
});
