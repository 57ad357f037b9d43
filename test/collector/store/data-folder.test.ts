import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import {
  DAY_MS,
  fileKeyAt,
  fileName,
  fileSpan,
  keptForMs,
  LEVEL_MS,
  listFiles,
  RETENTION_DEFAULT,
} from '../../../src/collector/store/data-folder.js';

const HOUR = Date.UTC(2026, 1, 28, 23);
let folder = '';
const collectors: Collector[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
});

afterEach(async () => {
  for (const collector of collectors.splice(0)) await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(path: string): Promise<Collector> {
  const collector = await startCollector({ folder: path, port: 0, queryThreads: 0 });
  collectors.push(collector);
  return collector;
}

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe('the data folder', () => {
  it('keeps its mode when it was there, and its files are private all the same', async () => {
    const path = join(folder, 'shared');
    mkdirSync(path);
    chmodSync(path, 0o755);
    await start(path);
    expect(modeOf(path)).toBe(0o755);
    expect(modeOf(join(path, 'collector.lock'))).toBe(0o600);
  });

  it('is private when the collector made it, with those above it', async () => {
    await start(join(folder, 'above', 'data'));
    expect(modeOf(join(folder, 'above'))).toBe(0o700);
    expect(modeOf(join(folder, 'above', 'data'))).toBe(0o700);
  });
});

describe('a data file', () => {
  it.each([
    ['raw', 'raw-2026-02-28.db', 1],
    ['minute', 'minute-2026-02-28.db', 1],
    ['hour', 'hour-2026-02.db', 28],
    ['day', 'day-2026-02.db', 28],
  ] as const)('of the level %s is %s and covers %i days', (level, name, days) => {
    const key = fileKeyAt(level, HOUR);
    expect(fileName(key)).toBe(name);
    const { fromMs, toMs } = fileSpan(key);
    expect([toMs, (toMs - fromMs) / DAY_MS]).toEqual([HOUR + LEVEL_MS.hour, days]);
    for (const other of [name, `${name}-wal`, `${name}.old`, `x-${name}`]) {
      writeFileSync(join(folder, other), '');
    }
    expect(listFiles(folder)).toEqual([key]);
  });

  it('of days is kept as long as that of the hours that it is made of', () => {
    expect(keptForMs(RETENTION_DEFAULT, 'day')).toBe(keptForMs(RETENTION_DEFAULT, 'hour'));
  });
});

/** Another process that holds the lock as a collector does, until it is killed. */
const HOLDER = `
const Database = require(${JSON.stringify(createRequire(import.meta.url).resolve('libsql'))});
const lock = new Database(process.argv[1]);
lock.exec('BEGIN EXCLUSIVE');
process.stdout.write('locked');
setInterval(() => lock.open, 1000);
`;

describe('a data folder in use', () => {
  it('is refused to a second collector, which names it and says what to do', async () => {
    const first = await start(folder);
    const refused = startCollector({ folder, port: 0, queryThreads: 0 });
    await expect(refused).rejects.toThrow(
      `another collector uses this folder: ${folder}. Stop it, or give another --data.`,
    );
    expect((await fetch(`${first.url}/v1/services`)).status).toBe(200);
  });

  it('is free again when the collector has closed', async () => {
    for (let round = 0; round < 3; round++) {
      const { close } = await startCollector({ folder, port: 0, queryThreads: 0 });
      await close();
    }
    expect((await start(folder)).url).toMatch(/^http:/);
  });

  it('is free again after kill -9 of the process that held it', async () => {
    const lock = join(folder, 'collector.lock');
    const child = spawn(process.execPath, ['-e', HOLDER, lock], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    try {
      await once(child.stdout, 'data');
      const refused = startCollector({ folder, port: 0, queryThreads: 0 });
      await expect(refused).rejects.toThrow('another collector uses this folder');
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
    expect((await start(folder)).url).toMatch(/^http:/);
  });
});
