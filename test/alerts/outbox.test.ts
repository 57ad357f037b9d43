/** Delivery to a real HTTP receiver that is in trouble: nothing is lost, and nothing is told twice. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AlertJournal, NOTHING_SAVED } from '../../src/alerts/journal.js';
import type { Notification } from '../../src/alerts/notification.js';
import type { Notifier } from '../../src/alerts/notify/notifier.js';
import { slackNotifier } from '../../src/alerts/notify/slack.js';
import { webhookNotifier } from '../../src/alerts/notify/webhook.js';
import { Outbox } from '../../src/alerts/outbox.js';
import { openSqlJournal } from '../../src/collector/alerts/sql-journal.js';
import { loadSqlDriver } from '../../src/collector/store/sql-driver.js';
import { T0 } from './make-rule.js';
import { drop, type HookReceiver, hang, hookReceiver, ok, status } from './notify/hook-receiver.js';
import { makeNotification } from './notify/make-notification.js';

const openSql = await loadSqlDriver();
let folder = '';
let nowMs = T0;
let journal: AlertJournal;
let receiver: HookReceiver;
let notifier: Notifier;
let lines: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  nowMs = T0 + 60_000;
  lines = [];
  journal = openSqlJournal(openSql, folder, () => nowMs);
  receiver = await hookReceiver();
  notifier = slackNotifier({ url: receiver.url, link: '', nowMs: () => nowMs });
});
afterEach(async () => {
  await notifier.close();
  await receiver.close();
  journal.close();
  rmSync(folder, { recursive: true });
});

function outbox(...notifiers: Notifier[]): Outbox {
  return new Outbox({
    journal,
    notifiers: notifiers.length > 0 ? notifiers : [notifier],
    nowMs: () => nowMs,
    random: () => 0.5,
    log: (line) => lines.push(line),
  });
}
function commit(...notifications: Notification[]): void {
  journal.commit({ ...NOTHING_SAVED, notifications, ended: [] });
}
const numbered = (count: number): Notification[] =>
  Array.from({ length: count }, (_, i) =>
    makeNotification({ key: `message-${i}`.padEnd(32, '-') }),
  );
/** By the footer, which carries the beginning of the key. */
const keysReceived = (): string[] =>
  receiver.received.map(({ body }) => JSON.parse(body).attachments[0].footer.slice(-12));

/** Passes over virtual time until nothing waits. */
async function untilEmpty(box: Outbox, hours = 20): Promise<void> {
  for (const endMs = nowMs + hours * 3_600_000; nowMs < endMs; ) {
    await box.deliver();
    const nextMs = box.nextMs();
    if (nextMs === undefined) return;
    nowMs = Math.max(nextMs, nowMs + 1000);
  }
}

describe('a receiver that', () => {
  it.each([
    ['answers 429', status(429, { 'retry-after': '30' })],
    ['answers 500', status(500)],
    [
      'answers 503 with a date',
      status(503, { 'retry-after': new Date(T0 + 90_000).toUTCString() }),
    ],
    ['cuts the connection', drop],
  ])('%s, some of the time, is told everything once', async (_what, trouble) => {
    receiver.answer = (response, count) => (count % 3 === 0 ? ok : trouble)(response, count);
    commit(...numbered(7));
    await untilEmpty(outbox());
    const accepted = keysReceived().filter((_, i) => (i + 1) % 3 === 0);
    expect(accepted.sort()).toEqual(numbered(7).map(({ key }) => key.slice(0, 12)));
    expect(journal.waitingKeys().size).toBe(0);
  });

  it('hangs is given up after a while, and asked again', async () => {
    receiver.answer = (response, count) => (count === 1 ? hang : ok)(response, count);
    commit(...numbered(1));
    await untilEmpty(outbox());
    expect(receiver.received).toHaveLength(2);
    expect(lines[0]).toContain('no answer within 15000 ms');
  });

  it('asks for time is left alone for that time, by all that waits', async () => {
    receiver.answer = status(429, { 'retry-after': '120' });
    commit(...numbered(3));
    const box = outbox();
    await box.deliver();
    nowMs += 119_000;
    await box.deliver();
    expect(receiver.received).toHaveLength(1);
    receiver.answer = ok;
    nowMs += 20_000;
    await box.deliver();
    expect(receiver.received).toHaveLength(4);
  });

  it('is down for hours is told when it is well again', async () => {
    receiver.answer = status(500);
    commit(...numbered(2));
    const box = outbox();
    await untilEmpty(box, 6);
    receiver.answer = ok;
    const before = receiver.received.length;
    await untilEmpty(box, 1);
    expect(receiver.received.length - before).toBe(2);
    // An attempt in five minutes at most, and not one in a second.
    expect(before).toBeLessThan(130);
  });

  it.each([400, 403, 404, 410])('answers %i has refused for good', async (code) => {
    receiver.answer = status(code);
    commit(...numbered(1));
    await untilEmpty(outbox());
    expect(receiver.received).toHaveLength(1);
    expect(lines).toEqual([expect.stringContaining(`status ${code}`)]);
    expect(lines[0]).not.toContain('secret-part');
  });

  it('redirects is not followed', async () => {
    const other = await hookReceiver();
    receiver.answer = status(307, { location: other.url.href });
    commit(...numbered(1));
    await untilEmpty(outbox());
    expect(other.received).toEqual([]);
    expect(lines).toEqual([expect.stringContaining('status 307')]);
    await other.close();
  });
});

it('a message that nobody took for a day is given up', async () => {
  receiver.answer = status(500);
  commit(...numbered(1));
  await untilEmpty(outbox(), 30);
  expect(journal.waitingKeys().size).toBe(0);
  expect(lines.at(-1)).toContain('given up');
});

it('one notifier in trouble holds up no other', async () => {
  const well = await hookReceiver();
  receiver.answer = hang;
  const webhook = webhookNotifier({ url: well.url, link: '', nowMs: () => nowMs, secret: '' });
  commit(...numbered(1), makeNotification({ key: 'w', notifier: 'webhook' }));
  const pass = outbox(notifier, webhook).deliver();
  await expect.poll(() => well.received.length).toBe(1);
  await pass;
  await webhook.close();
  await well.close();
});

it('that an alert ended is told after that it fired, though that had to wait', async () => {
  receiver.answer = (response, count) => (count < 3 ? status(503) : ok)(response, count);
  const [fired] = numbered(1);
  commit(
    fired!,
    makeNotification({ key: 'ended'.padEnd(32, '-'), kind: 'resolved', afterKey: fired!.key }),
  );
  await untilEmpty(outbox());
  expect(keysReceived()).toEqual(['message-0---', 'message-0---', 'message-0---', 'ended-------']);
});

it('and is not told at all when that was refused', async () => {
  receiver.answer = status(400);
  const [fired] = numbered(1);
  commit(fired!, makeNotification({ key: 'e', kind: 'resolved', afterKey: fired!.key }));
  await untilEmpty(outbox());
  expect(receiver.received).toHaveLength(1);
});

it('messages of a notifier that is not configured any more fail', async () => {
  commit(makeNotification({ key: 'x', notifier: 'pager' }));
  await outbox().deliver();
  expect(journal.waitingKeys().size).toBe(0);
});
