import { createHmac, timingSafeEqual } from 'node:crypto';
import { expect, it } from 'vitest';
import { webhookNotifier } from '../../../src/alerts/notify/webhook.js';
import { QUIET_TIMEOUT_MS } from '../../../src/transport/http-post.js';
import { T0 } from '../make-rule.js';
import { hookReceiver } from './hook-receiver.js';
import { makeNotification } from './make-notification.js';

const SECRET = 'shared secret';

/** As a receiver checks it; it knows of nothing but the header's form. */
function isGenuine(body: string, header: string, secret: string): boolean {
  const { t, v1 } = /^t=(?<t>\d+),v1=(?<v1>[\da-f]{64})$/.exec(header)?.groups ?? {};
  const expected = createHmac('sha256', secret).update(`${t}.${body}`).digest();
  return v1 !== undefined && timingSafeEqual(expected, Buffer.from(v1, 'hex'));
}

it('a message is JSON, signed with its time, and has a key that repetitions share', async () => {
  const receiver = await hookReceiver();
  const link = 'https://tacho.example/';
  const notifier = webhookNotifier({ url: receiver.url, link, nowMs: () => T0, secret: SECRET });
  const notification = makeNotification({ notifier: 'webhook' });
  expect(await notifier.send(notification)).toEqual({ state: 'delivered' });
  expect(await notifier.send(notification)).toEqual({ state: 'delivered' });
  const [first, second] = receiver.received;
  const signature = first!.headers['tachograph-signature'] as string;
  expect(signature).toContain(`t=${T0 / 1000},`);
  expect(isGenuine(first!.body, signature, SECRET)).toBe(true);
  expect(isGenuine(`${first!.body} `, signature, SECRET)).toBe(false);
  expect(isGenuine(first!.body, signature, 'another')).toBe(false);
  expect(first!.headers['idempotency-key']).toBe(notification.key);
  expect(second!.headers['idempotency-key']).toBe(notification.key);
  expect(JSON.parse(first!.body)).toMatchObject({
    version: 1,
    key: notification.key,
    kind: 'firing',
    link,
    alerts: [{ rule: 'response_time.critical', value: 2345, why: expect.any(Array) }],
  });
  await notifier.close();
  await receiver.close();
});

it('user and password of the address are its authentication, and are not in its label', async () => {
  const receiver = await hookReceiver();
  const url = new URL(receiver.url);
  url.username = 'ops';
  url.password = 'p%40ss';
  const notifier = webhookNotifier({ url, link: '', nowMs: () => T0, secret: '' });
  await notifier.send(makeNotification());
  const { headers } = receiver.received[0]!;
  expect(headers.authorization).toBe(`Basic ${Buffer.from('ops:p@ss').toString('base64')}`);
  expect(headers['tachograph-signature']).toBeUndefined();
  expect(notifier.label).toBe(`webhook at ${url.host}`);
  await notifier.close();
  await receiver.close();
});

it('a receiver that works for some seconds before it answers is told once', async () => {
  const receiver = await hookReceiver();
  receiver.answer = (response) => void setTimeout(() => response.end('ok'), QUIET_TIMEOUT_MS + 500);
  const notifier = webhookNotifier({ url: receiver.url, link: '', nowMs: () => T0, secret: '' });
  expect(await notifier.send(makeNotification())).toEqual({ state: 'delivered' });
  expect(receiver.received).toHaveLength(1);
  await notifier.close();
  await receiver.close();
});
