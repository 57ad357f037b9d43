/** Mail to a real SMTP server, with TLS and a login; what arrives is parsed, and its HTML is drawn by a browser. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emailMessage, emailNotifier } from '../../../src/alerts/notify/email.js';
import { makeAuthority } from '../../support/certificates.js';
import { T0 } from '../make-rule.js';
import { type MailServer, mailServer, PASSWORD, USER } from './mail-server.js';
import { makeNotification, makeTold } from './make-notification.js';

const CHROMIUM = '/usr/bin/chromium';
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let startTls: MailServer;
let overTls: MailServer;

beforeAll(async () => {
  const certificate = makeAuthority(folder).issue('DNS:localhost,IP:127.0.0.1', 1);
  [startTls, overTls] = await Promise.all([
    mailServer(certificate, false),
    mailServer(certificate, true),
  ]);
});
afterAll(async () => {
  await Promise.all([startTls.close(), overTls.close()]);
  rmSync(folder, { recursive: true });
});

// The authority is the test's own, as a company's may be; nodemailer takes its options from the address.
const TRUST = 'tls.rejectUnauthorized=false';

function notifier(server: MailServer, scheme: string, query = TRUST, password = PASSWORD) {
  const login = `${USER}:${encodeURIComponent(password)}`;
  const url = new URL(`${scheme}://${login}@127.0.0.1:${server.port}/?${query}`);
  return emailNotifier({
    url,
    from: 'Tachograph <tacho@example.com>',
    to: ['ops@example.com', 'dev@example.com'],
    link: 'https://tacho.example/alerts?a=1&b=2',
  });
}

describe.each([
  ['smtp', 'STARTTLS'],
  ['smtps', 'TLS'],
])('mail by %s (%s)', (scheme) => {
  const server = (): MailServer => (scheme === 'smtp' ? startTls : overTls);

  it('arrives, with its subject, text, HTML and an id that repetitions share', async () => {
    const email = notifier(
      server(),
      scheme,
      scheme === 'smtp' ? `requireTLS=true&${TRUST}` : TRUST,
    );
    expect(await email.send(makeNotification())).toEqual({ state: 'delivered' });
    await email.close();
    const mail = server().mails.at(-1)!;
    expect(mail.subject).toBe('CRITICAL Performance Alert - response_time');
    expect(mail.from?.text).toBe('"Tachograph" <tacho@example.com>');
    expect([mail.to].flat()[0]?.text).toBe('ops@example.com, dev@example.com');
    expect(mail.messageId).toBe(`<${makeNotification().key}@example.com>`);
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain('2.35 s of 512 values in 1 min, limit 2 s.');
      expect(part).toContain('POST /orders: 400 requests, p95 2.9 s');
    }
    expect(mail.text).toContain('https://tacho.example/alerts?a=1&b=2');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('is tried again when the server says not now, and not when it says never', async () => {
    const email = notifier(server(), scheme);
    server().refuseWith(451, 1);
    expect(await email.send(makeNotification())).toMatchObject({
      state: 'retry',
      reason: 'SMTP 451',
    });
    server().refuseWith(554, 1);
    expect(await email.send(makeNotification())).toMatchObject({
      state: 'refused',
      reason: 'SMTP 554',
    });
    expect(await email.send(makeNotification())).toEqual({ state: 'delivered' });
    await email.close();
  });
});

it('a server that nobody vouches for gets neither login nor mail', async () => {
  const before = startTls.mails.length;
  const email = notifier(startTls, 'smtp', '');
  const outcome = await email.send(makeNotification());
  await email.close();
  expect(outcome.state).toBe('retry');
  expect(startTls.mails).toHaveLength(before);
});

it('a login that is refused is a reason without the login', async () => {
  const email = notifier(startTls, 'smtp', TRUST, 'wrong');
  const outcome = await email.send(makeNotification());
  await email.close();
  expect(outcome).toMatchObject({ state: 'retry', reason: 'SMTP 535' });
});

it('nobody at the port is a reason to try again', async () => {
  const email = emailNotifier({
    url: new URL('smtp://127.0.0.1:1'),
    from: 'a@b',
    to: ['a@b'],
    link: '',
  });
  expect(await email.send(makeNotification())).toMatchObject({ state: 'retry', reason: 'ESOCKET' });
  await email.close();
});

describe('hostile names', () => {
  const name =
    'x\r\nBcc: everyone@example.com\r\n\r\n<script>alert(1)</script>"><img src=x onerror=alert(1)>';
  const hostile = makeNotification({
    alerts: [makeTold({ service: name, metric: name, context: [name], note: name })],
  });

  it('add no header and no recipient', async () => {
    const email = notifier(overTls, 'smtps');
    expect(await email.send(hostile)).toEqual({ state: 'delivered' });
    await email.close();
    const mail = overTls.mails.at(-1)!;
    expect(mail.bcc).toBeUndefined();
    expect(mail.subject).toContain('Bcc: everyone@example.com');
    expect(mail.subject).not.toMatch(/[\r\n]/);
  });

  it('are text in the HTML', () => {
    const { html } = emailMessage(hostile, '', 'a@b');
    expect(html).not.toMatch(/<script|<img|onerror=alert\(1\)>/);
    expect(html).toContain('&lt;script&gt;');
  });
});

// Where CI is set, a browser that is missing is a failure like any other.
describe.skipIf(process.env.CI === undefined && !existsSync(CHROMIUM))('in a browser', () => {
  it('the HTML shows everything within the width of a mail, and loads and runs nothing', async () => {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const page = await browser.newPage({ viewport: { width: 720, height: 480 } });
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('dialog', (dialog) => {
      asked.push('a dialog');
      void dialog.dismiss();
    });
    const over = { endedMs: T0 + 600_000, endReason: 'cleared' };
    const alerts = [
      makeTold(),
      makeTold({ level: 'WARNING', metric: 'template_rendering', service: '<b>shop</b>' }),
      makeTold({ ...over, metric: 'error_rate', unit: '%', value: 1, threshold: 5, worst: 50 }),
    ];
    const { html } = emailMessage(makeNotification({ alerts }), 'https://tacho.example/', 'a@b');
    await page.setContent(html);
    const picture = process.env.TACHOGRAPH_TEST_PICTURES;
    if (picture !== undefined) await page.screenshot({ path: join(picture, 'mail.png') });
    const text = (await page.textContent('body')) ?? '';
    for (const part of [
      '2.35 s',
      'response_time',
      '<b>shop</b>',
      'At worst 50 %',
      'Open Tachograph',
    ]) {
      expect(text).toContain(part);
    }
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
    expect(asked).toEqual([]);
    await browser.close();
  });
});
