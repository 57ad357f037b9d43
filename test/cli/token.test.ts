/** `tachograph token` as a process, and what a running collector makes of it (fault 24: tokens). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { makeBatch, send } from '../collector/make-batch.js';
import { MAIN } from '../support/collector-process.js';
import { quietLog } from '../support/quiet-log.js';

const NOW = Date.UTC(2026, 10, 23, 12);

const log = quietLog();
let folder: string;
let collector: Collector | undefined;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'tacho-token-')), 'data');
});
afterEach(async () => {
  await collector?.close();
  collector = undefined;
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

function tachograph(...args: string[]) {
  const env = { ...process.env, TACHOGRAPH_COLLECTOR_DATA: folder, NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'token', ...args], {
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

const make = (role: string, ...more: string[]): string =>
  tachograph('create', '--role', role, ...more).stdout.trim();

async function start(host = '127.0.0.1'): Promise<string> {
  collector = await startCollector({ folder, host, port: 0, queryThreads: 0, now: () => NOW, log });
  return collector.url.replace('0.0.0.0', '127.0.0.1');
}

let sequence = 0;
async function statuses(url: string, token?: string): Promise<[write: number, read: number]> {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const batch = makeBatch({ startMs: NOW - 10_000, sequence: ++sequence, routes: { '/': [1] } });
  const write = await send(url, batch, { headers });
  return [write.status, (await fetch(`${url}/v1/services`, { headers })).status];
}

describe('tachograph token', () => {
  it('makes, lists and revokes tokens, and shows each once', () => {
    const made = tachograph('create', '--role', 'write', '--name', 'the shop');
    expect(made.status).toBe(0);
    expect(made.stdout).toMatch(/^tacho_write_[\w-]{43}\n$/);
    const listed = tachograph('list').stdout;
    expect(listed).toMatch(/^[0-9a-f]{10} {2}write {2}\d{4}-\d\d-\d\d {2}the shop\n$/);
    const id = listed.slice(0, 10);
    expect(JSON.parse(tachograph('list', '--json').stdout)).toEqual([
      { id, name: 'the shop', role: 'write', createdMs: expect.any(Number) },
    ]);
    expect(tachograph('revoke', id)).toMatchObject({ status: 0, stdout: '' });
    expect(tachograph('revoke', id)).toMatchObject({ status: 3 });
    expect(tachograph('list')).toMatchObject({ status: 0, stdout: '' });
  });

  it.each([
    [[]],
    [['make']],
    [['create']],
    [['create', '--role', 'root']],
    [['create', 'x', '--role', 'read']],
    [['create', '--role', 'read', '--name', 'a\u001b[2Jb']],
    [['revoke']],
    [['revoke', 'a', 'b']],
    [['list', '--tokens']],
  ])('does not guess what %j means', (args) => {
    expect(tachograph(...args)).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('a collector', () => {
  it('on the loopback address is open until the first token is made, and never again', async () => {
    const url = await start();
    expect(await statuses(url)).toEqual([200, 200]);
    const write = make('write');
    expect(await statuses(url)).toEqual([401, 403]);
    expect(await statuses(url, write)).toEqual([200, 403]);
    tachograph('revoke', tachograph('list').stdout.slice(0, 10));
    expect(await statuses(url, write)).toEqual([401, 403]);
    expect(await statuses(url)).toEqual([401, 403]);
    expect((await fetch(`${url}/v1/health`)).status).toBe(200);
  });

  it('lets each role do what it may, and says which one came', async () => {
    const url = await start();
    const [write, read, admin] = [make('write'), make('read'), make('admin')];
    expect(await statuses(url, write)).toEqual([200, 403]);
    expect(await statuses(url, read)).toEqual([403, 200]);
    expect(await statuses(url, admin)).toEqual([200, 200]);
    expect(await statuses(url, 'tacho_admin_guess')).toEqual([401, 401]);
    const headers = { authorization: `Bearer ${write}` };
    const { error } = (await (await fetch(`${url}/v1/services`, { headers })).json()) as {
      error: object;
    };
    expect(error).toMatchObject({ code: 'wrong_role', message: expect.stringContaining('write') });
  });

  it('beyond this machine starts with a token that sends, and not with one that reads', async () => {
    await expect(start('0.0.0.0')).rejects.toThrow('tachograph token create --role write');
    make('read');
    await expect(start('0.0.0.0')).rejects.toThrow('expected a token');
    const write = make('write');
    const url = await start('0.0.0.0');
    expect(await statuses(url)).toEqual([401, 401]);
    expect(await statuses(url, write)).toEqual([200, 403]);
  });

  it.each(['', 'Bearer', 'Basic eDp5', 'bearer\u00a0x', 'Bearer x y', 'Bearer '.repeat(900)])(
    'takes no odd header for a token: %j',
    async (authorization) => {
      const url = await start();
      make('read');
      const answer = await fetch(`${url}/v1/services`, { headers: { authorization } });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    },
  );
});
