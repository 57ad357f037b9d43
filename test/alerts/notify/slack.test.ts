import { describe, expect, it } from 'vitest';
import { slackMessage } from '../../../src/alerts/notify/slack.js';
import { T0 } from '../make-rule.js';
import { makeNotification, makeTold } from './make-notification.js';

interface Message {
  readonly text: string;
  readonly attachments: readonly {
    readonly color: string;
    readonly title: string;
    readonly title_link?: string;
    readonly text: string;
    readonly fields: readonly { readonly title: string; readonly value: string }[];
  }[];
}
const messageOf = (parts: Parameters<typeof makeNotification>[0] = {}, link = ''): Message =>
  slackMessage(makeNotification(parts), link) as Message;

it('a message has the fields Metric, Value, Threshold and System, and says why', () => {
  const { text, attachments } = messageOf({}, 'https://tacho.example/alerts');
  expect(text).toBe('CRITICAL: response_time of shop');
  const [attachment] = attachments;
  expect(attachment).toMatchObject({
    color: 'danger',
    title_link: 'https://tacho.example/alerts',
    text:
      '2.35 s of 512 values in 1 min, limit 2 s.\nSince 2026-11-23 12:00 UTC.\nAt worst 3 s.\n' +
      'POST /orders: 400 requests, p95 2.9 s',
  });
  expect(attachment!.fields.map(({ title, value }) => [title, value])).toEqual([
    ['Metric', 'response_time'],
    ['Value', '2.35 s'],
    ['Threshold', '2 s'],
    ['System', 'shop'],
  ]);
});

describe('its colour', () => {
  it.each([
    ['CRITICAL', 'danger'],
    ['WARNING', 'warning'],
    ['INFO', 'good'],
  ] as const)('of %s is %s', (level, color) => {
    expect(messageOf({ alerts: [makeTold({ level })] }).attachments[0]!.color).toBe(color);
  });
  it('of what is over is good', () => {
    const alerts = [makeTold({ endedMs: T0 + 600_000, endReason: 'cleared' })];
    const { text, attachments } = messageOf({ kind: 'resolved', alerts });
    expect([text, attachments[0]!.color]).toEqual(['Resolved: response_time of shop', 'good']);
    expect(attachments[0]!.text).toContain(
      'From 2026-11-23 12:00 UTC to 2026-11-23 12:10 UTC (10 min).',
    );
  });
});

describe('hostile names', () => {
  const hostile = [
    '<!channel> hello',
    '<@U123|boss>',
    '<https://evil.example|click>',
    '&lt;!here&gt;',
    '*bold* _it_ ~gone~ `code`',
    'a\nb\r\nc\u202ed\u0007',
    '@here @channel @everyone',
    'https://evil.example/x www.evil.example mailto:a@evil.example',
  ];
  it.each(hostile)('are text and nothing else: %j', (name) => {
    const alerts = [makeTold({ service: name, metric: name, context: [name], note: name })];
    const text = JSON.stringify(messageOf({ alerts }));
    expect(text).not.toMatch(/<[!@#h]/);
    expect(text).not.toMatch(/@(?:here|channel|everyone)/);
    expect(text).not.toMatch(/https?:|mailto:|www\./);
    expect(text).not.toMatch(/[*~`](?!\u200b)/);
    expect(text).not.toMatch(/\\r|\\u0007|\u202e/);
    // Only our own lines are apart.
    expect(messageOf({ alerts }).attachments[0]!.title).not.toContain('\n');
  });
  it('are not read as entities', () => {
    const alerts = [makeTold({ service: '&lt;!here&gt;' })];
    expect(messageOf({ alerts }).attachments[0]!.title).toContain('&amp;lt;!here&amp;gt;');
  });
  it('of any length stay short', () => {
    const alerts = Array.from({ length: 20 }, () =>
      makeTold({ service: 'x'.repeat(100_000), context: ['&'.repeat(100_000)] }),
    );
    expect(JSON.stringify(messageOf({ alerts })).length).toBeLessThan(256 * 1024);
  });
});
