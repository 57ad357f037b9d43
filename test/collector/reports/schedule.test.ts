/** Reports on schedule, mailed to a real SMTP server, by a clock of the test. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendMail } from '../../../src/alerts/notify/send-mail.js';
import { openReports } from '../../../src/collector/reports/open-reports.js';
import { openReportFiles } from '../../../src/collector/reports/report-files.js';
import { mailOf } from '../../../src/collector/reports/schedule.js';
import { startCollector } from '../../../src/collector/start-collector.js';
import { HOUR_MS, makeBatch, send } from '../make-batch.js';
import { sampleReview } from './sample-report.js';

const MONDAY_AT_SIX = Date.UTC(2026, 10, 23, 6);
let folder = '';
let mails: ParsedMail[] = [];
let refusing = false;
let server: SMTPServer;
let smtpUrl = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  mails = [];
  refusing = false;
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onMailFrom: (_address, _session, done) =>
      done(refusing ? Object.assign(new Error('busy'), { responseCode: 451 }) : null),
    onData(stream, _session, done) {
      simpleParser(stream).then((mail) => {
        mails.push(mail);
        done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  smtpUrl = `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await new Promise<void>((resolve) => server.close(() => resolve()));
  rmSync(folder, { recursive: true });
});

async function open(now: () => number, log: string[] = [], zone = 'UTC', agoHours = 20) {
  const collector = await startCollector({ folder, port: 0, queryThreads: 0, now });
  await send(
    collector.url,
    makeBatch({ startMs: now() - agoHours * HOUR_MS, routes: { '/a': [1000, 2000] } }),
  );
  const { store } = collector;
  const retention = { raw: 1e12, minute: 1e12, hour: 1e12 };
  const reports = openReports(
    { store, retention, now },
    { folder, log: (line) => log.push(line) },
    {
      zone,
      atMinute: 360,
      mail: {
        from: 'tachograph@example.com',
        to: ['team@example.com'],
        send: (mail) => sendMail(smtpUrl, mail),
      },
    },
  );
  const close = async () => {
    await reports.schedule!.close();
    await collector.close();
  };
  return { schedule: reports.schedule!, book: reports.book, close };
}

describe('reports on schedule', () => {
  it('are made and mailed on Monday at six, once', async () => {
    let nowMs = MONDAY_AT_SIX - 60_000;
    const { schedule, close } = await open(() => nowMs);
    await schedule.run();
    expect(mails).toEqual([]);
    nowMs = MONDAY_AT_SIX;
    await schedule.run();
    await schedule.run();
    await close();
    expect(mails.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('Daily report 2026-11-22: '),
      expect.stringContaining('Weekly review 2026-W47: '),
    ]);
    const [mail] = mails;
    expect(mail!.to).toMatchObject({ text: 'team@example.com' });
    expect(mail!.text).toContain('Slowest endpoints');
    expect(String(mail!.html)).toContain('<h1');
    const names = readdirSync(join(folder, 'reports')).sort();
    expect(names).toEqual([
      'daily-2026-11-22.json',
      'daily-2026-11-22.json.mailed',
      'weekly-2026-W47.json',
      'weekly-2026-W47.json.mailed',
    ]);
  });

  it('are mailed later when the server refused, and made once', async () => {
    let nowMs = MONDAY_AT_SIX;
    const log: string[] = [];
    const { schedule, close } = await open(() => nowMs, log);
    refusing = true;
    await schedule.run();
    expect(log).toHaveLength(2);
    expect(log[0]).toContain('will be tried again');
    expect(mails).toEqual([]);
    refusing = false;
    nowMs += HOUR_MS;
    await schedule.run();
    await close();
    expect(mails).toHaveLength(2);
  });

  it('are made up for after the collector was down, and not when they are old', async () => {
    let nowMs = MONDAY_AT_SIX + 30 * HOUR_MS;
    const { schedule, close } = await open(() => nowMs, [], 'UTC', 50);
    await schedule.run();
    expect(mails.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('Daily report 2026-11-22'),
      'Daily report 2026-11-23: Nothing was requested in this time.',
      expect.stringContaining('Weekly review 2026-W47'),
    ]);
    nowMs = MONDAY_AT_SIX + 100 * HOUR_MS;
    await schedule.run();
    await close();
    expect(mails).toHaveLength(3);
  });

  it('are kept as they were made, and listed', async () => {
    const { schedule, book, close } = await open(() => MONDAY_AT_SIX);
    await schedule.run();
    const kept = await book.weekly('2026-W47');
    expect(kept).toMatchObject({ kind: 'weekly', week: '2026-W47', madeMs: MONDAY_AT_SIX });
    expect(await book.list()).toEqual({ daily: ['2026-11-22'], weekly: ['2026-W47'] });
    await close();
  });
});

describe('report files', () => {
  it('that are torn or of something else are as if they were not there', () => {
    const files = openReportFiles(folder);
    expect(files.list('weekly')).toEqual([]);
    files.write(sampleReview('x'));
    expect(files.read('weekly', '2026-W47')).toMatchObject({ service: 'x' });
    writeFileSync(join(folder, 'reports', 'weekly-2026-W46.json'), '{"kind":"wee');
    writeFileSync(join(folder, 'reports', 'notes.txt'), '');
    expect(files.list('weekly')).toEqual(['2026-W47', '2026-W46']);
    expect(files.read('weekly', '2026-W46')).toBeUndefined();
  });

  it('are bounded: the oldest go first', () => {
    const files = openReportFiles(folder);
    const review = sampleReview('x');
    for (let week = 1; week <= 112; week++) {
      const year = 2024 + Math.floor(week / 50);
      files.write({ ...review, week: `${year}-W${String((week % 50) + 1).padStart(2, '0')}` });
    }
    expect(files.list('weekly')).toHaveLength(110);
    expect(existsSync(join(folder, 'reports', 'weekly-2024-W02.json'))).toBe(false);
  });
});

describe('a mail', () => {
  it('says in its subject of which service it is', () => {
    const { subject } = mailOf(sampleReview('shop'), { from: 'a@b.c', to: ['a@b.c'] });
    expect(subject).toMatch(/^Weekly review 2026-W47 · shop: 1 thing became slower/);
  });

  it('takes no header from a name', async () => {
    await sendMail(smtpUrl, {
      from: 'a@example.com',
      to: ['b@example.com'],
      subject: 'x\r\nBcc: c@example.com',
      text: 'x',
      html: 'x',
    });
    expect(mails[0]!.headers.has('bcc')).toBe(false);
    expect(mails[0]!.subject).toBe('x Bcc: c@example.com');
  });

  it('is refused without an SMTP URL, and the error does not repeat it', async () => {
    const mail = { from: 'a@b.c', to: ['a@b.c'], subject: '', text: '', html: '' };
    const attempt = sendMail('http://user:hunter2@host', mail);
    await expect(attempt).rejects.toThrow('expected an SMTP URL');
    await expect(attempt).rejects.not.toThrow('hunter2');
  });
});

it('six in the morning is by the clock on the wall, on the day clocks go forward too', async () => {
  let nowMs = Date.UTC(2026, 2, 29, 3, 59);
  const { schedule, close } = await open(() => nowMs, [], 'Europe/Berlin');
  await schedule.run();
  expect(mails).toEqual([]);
  nowMs = Date.UTC(2026, 2, 29, 4);
  await schedule.run();
  await close();
  expect(mails[0]!.subject).toContain('Daily report 2026-03-28');
});
