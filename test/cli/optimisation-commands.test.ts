import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { FAULTLESS, FAULTY, type Files } from '../audit/make-site.js';
import { makeBatch, send } from '../collector/make-batch.js';

/** Built by `npm run build`. */
const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** A name that would be markup, an escape sequence or a mention if it were not escaped. */
const HOSTILE = '/\u001b[31m<img src=x>|**bold**`code`';

let folder = '';
let empty: Collector;
let collector: Collector;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  const start = (name: string): Promise<Collector> => {
    mkdirSync(join(folder, name));
    return startCollector({ folder: join(folder, name), port: 0, queryThreads: 0 });
  };
  empty = await start('empty');
  collector = await start('full');
  const slow = Array.from({ length: 40 }, () => 900_000);
  const fast = Array.from({ length: 40 }, () => 900);
  const startMs = Date.now() - 60_000;
  const batch = makeBatch({ startMs, routes: { [HOSTILE]: slow, '/fast': fast } });
  expect((await send(collector.url, batch)).status).toBe(200);
});
afterAll(async () => {
  await empty.close();
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function tachograph(...args: string[]): Promise<Outcome> {
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn(process.execPath, [MAIN, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk);
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function write(name: string, files: Files): string {
  const to = join(folder, name);
  mkdirSync(to);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(to, file), content);
  return to;
}

describe('tachograph recommend', () => {
  it('ends with 3 without data, and with 1 with something to recommend', async () => {
    const none = await tachograph('recommend', '--url', empty.url);
    expect([none.code, none.stdout]).toEqual([3, '']);
    expect(none.stderr).toContain('node --import tachograph app.js');
    const some = await tachograph('recommend', '--url', collector.url);
    expect(some.code).toBe(1);
    expect(some.stdout).toContain('Route over its budget');
    expect(some.stdout).toContain('Costs a day are what 60 s would come to in a day.');
  });

  it('ends with 0 where nothing has the least priority that is asked for', async () => {
    const since = ['--url', collector.url, '--service', 'shop'];
    expect((await tachograph('recommend', ...since, '--min-priority', 'high')).code).toBe(1);
    const json = await tachograph('recommend', ...since, '--format', 'json');
    const { recommendations } = JSON.parse(json.stdout);
    expect(recommendations[0]).toMatchObject({ type: 'slow_route', priority: 'high' });
    expect((await tachograph('recommend', '--min-priority', 'urgent')).code).toBe(2);
    expect((await tachograph('recommend', '--format', 'xml')).code).toBe(2);
  });

  it('lets no name be an escape sequence or markup', async () => {
    const human = await tachograph('recommend', '--url', collector.url);
    expect(human.stdout).not.toContain('\u001b');
    const md = await tachograph('recommend', '--url', collector.url, '--format', 'md');
    expect(md.stdout).not.toContain('\u001b');
    expect(md.stdout).not.toMatch(/[^\\]<img|[^\\]`code|[^\\*]\*\*bold/);
    expect(md.stdout).toContain('\\<img src\\=x\\>'.replace('\\=', '='));
  });
});

describe('tachograph checklist', () => {
  it('ends with 3 without data; else tells every item, and with an audit those that only pages tell', async () => {
    expect((await tachograph('checklist', '--url', empty.url)).code).toBe(3);
    const file = join(folder, 'audit.json');
    const audited = await tachograph('audit', write('faulty', FAULTY), '--json', file);
    expect(audited.code).toBe(1);
    const ask = ['checklist', '--url', collector.url, '--list', 'frontend'];
    const before = await tachograph(...ask);
    expect(before.code).toBe(0);
    expect(before.stdout).toContain('? Service worker: cannot tell');
    const after = await tachograph(...ask, '--audit', file);
    expect(after.code).toBe(1);
    expect(after.stdout).toContain('! Service worker: attention');
    expect(after.stdout).not.toContain('Business modules');
  });

  it('takes an audit without findings for ok', async () => {
    const file = join(folder, 'fine.json');
    const fine = await tachograph('audit', write('fine', FAULTLESS), '--json', file);
    expect([fine.code, JSON.parse(readFileSync(file, 'utf8')).findings]).toEqual([0, []]);
    const json = ['--url', collector.url, '--audit', file, '--format', 'json'];
    const { stdout } = await tachograph('checklist', ...json);
    const items = JSON.parse(stdout).lists.flatMap((list: { items: object[] }) => list.items);
    for (const item of [
      'pwa',
      'service_worker',
      'critical_css',
      'bundling',
      'fonts',
      'third_party',
      'images',
    ]) {
      expect(items).toContainEqual(expect.objectContaining({ item, state: 'ok' }));
    }
  });

  it('ends with 2 where what it is asked for is no time', async () => {
    for (const command of ['checklist', 'recommend', 'traces']) {
      const { code, stderr } = await tachograph(command, '--url', collector.url, '--since', 'long');
      expect([command, code]).toEqual([command, 2]);
      expect(stderr).toContain('expected --since like 6h or 7d, got "long".');
    }
    const { code } = await tachograph('traces', '--url', collector.url, '--limit', 'many');
    expect(code).toBe(2);
  });

  it('ends with 2 where the audit is none, or the list is not there', async () => {
    writeFileSync(join(folder, 'other.json'), '{"version":1}');
    const wrong = await tachograph('checklist', '--audit', join(folder, 'other.json'));
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('tachograph audit')]);
    expect((await tachograph('checklist', '--list', 'other')).code).toBe(2);
  });
});

describe('tachograph audit', () => {
  it('says what there is to save, and ends with 3 where there is nothing to look at', async () => {
    const { code, stdout } = await tachograph('audit', join(folder, 'faulty'));
    expect(code).toBe(1);
    expect(stdout).toMatch(/2 pages, 20 files.*\n.*findings; about .* need not be loaded/);
    expect((await tachograph('audit', write('bare', {}))).code).toBe(3);
    expect((await tachograph('audit')).code).toBe(2);
    expect((await tachograph('audit', join(folder, 'missing'))).code).toBe(1);
  });
});
