/** `tachograph report` and `tachograph review` as built, against a collector of the test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { HOUR_MS, makeBatch, send } from '../collector/make-batch.js';
import { MAIN } from '../support/collector-process.js';

const NOW = Date.UTC(2026, 10, 23, 8);
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let collector: Collector;

beforeAll(async () => {
  collector = await startCollector({
    folder,
    port: 0,
    queryThreads: 0,
    now: () => NOW,
    reports: { zone: 'UTC' },
  });
  for (let hour = 0; hour < 30; hour++) {
    const startMs = NOW - (hour + 1) * HOUR_MS;
    const routes = { '/orders/\u001b[31m:id': [1000, 2000, 50_000] };
    await send(collector.url, makeBatch({ startMs, sequence: hour + 1, routes }));
  }
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true });
});

async function tachograph(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args, '--url', collector.url], {
    env: { PATH: process.env.PATH, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

describe('tachograph report', () => {
  it('shows the report of a day, and prints no escape of a name', async () => {
    const { code, stdout } = await tachograph(['report', '--date', '2026-11-22']);
    expect(code).toBe(0);
    expect(stdout).toContain('Daily report 2026-11-22');
    expect(stdout).toContain('route GET /orders/·[31m:id');
    expect(stdout).not.toContain('\u001b');
  });

  it('is yesterday’s without a date, in any format', async () => {
    const json = await tachograph(['report', '--format', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'daily', date: '2026-11-22' });
    const markdown = await tachograph(['report', '--format', 'md']);
    expect(markdown.stdout).toMatch(/^# Daily report 2026\\?-11\\?-22/);
    const html = await tachograph(['report', '--format', 'html']);
    expect(html.stdout).toMatch(/^<!doctype html>/);
  });

  it('of a day that is not over says so, and counts a day by the hours that passed', async () => {
    const { stdout } = await tachograph(['report', '--date', '2026-11-23', '--format', 'json']);
    const { headline, quality } = JSON.parse(stdout);
    expect(headline.now).toMatchObject({ requests: 24, requestsPerDay: 72 });
    expect(quality.notes[0]).toContain('It is not over yet');
  });

  it('ends with 3 without data, and with 2 when it is asked wrongly', async () => {
    const nothing = await tachograph(['report', '--date', '2026-11-01']);
    expect([nothing.code, nothing.stdout]).toEqual([3, '']);
    expect((await tachograph(['report', '--date', '2026-02-30'])).code).toBe(2);
    expect((await tachograph(['report', '--format', 'pdf'])).code).toBe(2);
  });
});

describe('tachograph review', () => {
  it('shows the review of a week in both ways of writing it', async () => {
    const iso = await tachograph(['review', '--week', '2026-W47']);
    expect(iso.code).toBe(0);
    expect(iso.stdout).toContain('Weekly review 2026-W47');
    const short = await tachograph(['review', '--week', '2026-47']);
    expect(short.stdout).toBe(iso.stdout);
    expect((await tachograph(['review', '--week', '2025-W53'])).code).toBe(2);
  });

  it('mails it, or says what is missing for that', async () => {
    const subjects: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _session, done) {
        let text = '';
        stream.on('data', (chunk) => {
          text += chunk;
        });
        stream.on('end', () => {
          subjects.push(/^Subject: (.*)$/m.exec(text)![1]!);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    const ask = ['review', '--week', '2026-W47', '--email'];
    const sent = await tachograph([...ask, '--to', 'team@example.com'], {
      SMTP_URL: `smtp://127.0.0.1:${port}`,
    });
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(sent).toMatchObject({ code: 0, stdout: 'Sent to team@example.com.\n' });
    expect(subjects).toEqual([expect.stringContaining('Weekly review 2026-W47')]);
    const without = await tachograph(ask);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('SMTP_URL');
  });
});
