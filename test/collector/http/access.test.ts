/** Who may ask the collector for what: tokens, and the names in Host headers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Collector,
  type CollectorOptions,
  startCollector,
} from '../../../src/collector/start-collector.js';
import { quietLog } from '../../support/quiet-log.js';
import { makeBatch, send } from '../make-batch.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const batch = makeBatch({ startMs: NOW - 10_000, routes: { '/a': [1000, 2000, 3000] } });

const log = quietLog();
let folder: string;
let collector: Collector | undefined;
afterEach(async () => {
  await collector?.close();
  collector = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: Partial<CollectorOptions> = {}): Promise<Collector> {
  folder = mkdtempSync(join(tmpdir(), 'tacho-access-'));
  const all = { folder, port: 0, queryThreads: 0, now: () => NOW, log, ...options };
  collector = await startCollector(all);
  return collector;
}

async function codeOf(response: Response): Promise<[number, string]> {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  expect(error.message.length).toBeGreaterThan(20);
  return [response.status, error.code];
}

async function services(url: string): Promise<unknown[]> {
  const body = (await (await fetch(`${url}/v1/services`)).json()) as { services: unknown[] };
  return body.services;
}

describe('access', () => {
  it('refuses to listen beyond this machine without a token', async () => {
    await expect(start({ host: '0.0.0.0' })).rejects.toThrow('expected a token');
  });

  it('asks for the ingest token, which does not read, and says how reading is switched on', async () => {
    const { url } = await start({ host: '0.0.0.0', token: 'write' });
    const local = url.replace('0.0.0.0', '127.0.0.1');
    expect(await codeOf(await send(local, batch))).toEqual([401, 'unauthorized']);
    const wrong = { authorization: 'Bearer writ' };
    expect((await send(local, batch, { headers: wrong })).status).toBe(401);
    const headers = { authorization: 'Bearer write' };
    expect((await send(local, batch, { headers })).status).toBe(200);
    expect(await codeOf(await fetch(`${local}/v1/services`, { headers }))).toEqual([
      403,
      'reading_is_off',
    ]);
  });

  it('asks for the read token where one is set', async () => {
    const { url } = await start({ readToken: 'read' });
    expect((await fetch(`${url}/v1/services`)).status).toBe(401);
    const headers = { authorization: 'Bearer read' };
    expect((await fetch(`${url}/v1/services`, { headers })).status).toBe(200);
    expect((await send(url, batch)).status).toBe(200);
  });

  it.each([
    ['/v1/health', 'GET'],
    ['/v1/services', 'GET'],
    ['/v1/batches', 'POST'],
    ['/', 'GET'],
  ])('refuses another Host on %s', async (path, method) => {
    const { url } = await start({ allowedHosts: ['metrics.example'] });
    const statusWith = (host: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const outgoing = request(url + path, { method, headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        outgoing.on('error', reject);
        outgoing.end();
      });
    expect(await statusWith('evil.example')).toBe(403);
    expect(await statusWith('127.0.0.1.evil.example')).toBe(403);
    expect(await statusWith('metrics.example:4600')).not.toBe(403);
    expect(await statusWith('localhost')).not.toBe(403);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'refuses what a page of another site may send without asking first: %s',
    async (type) => {
      const { url } = await start();
      const headers = { 'content-type': type, origin: 'http://evil.example' };
      expect((await send(url, batch, { headers })).status).toBe(415);
      expect(await services(url)).toEqual([]);
    },
  );

  it('tells no page of another site that it may ask or read', async () => {
    const { url } = await start();
    const origin = 'http://evil.example';
    const asked = await fetch(`${url}/v1/batches`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    const read = await fetch(`${url}/v1/services`, { headers: { origin } });
    for (const { headers } of [asked, read]) {
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  it('answers unknown paths with 404', async () => {
    const { url } = await start();
    expect(await codeOf(await fetch(`${url}/v2/nothing`))).toEqual([404, 'not_found']);
  });
});
