/**
 * `tachograph alert test`: a real message through each notifier that this environment configures, one after the
 * other, and what became of it. It is no alert, and no collector is asked.
 */
import { alertProblems, readAlertSettings } from '../alerts/alert-settings.js';
import { keyOf, type Notification } from '../alerts/notification.js';
import { createNotifiers } from '../alerts/notify/create-notifiers.js';
import type { SendOutcome } from '../alerts/notify/notifier.js';
import { resolveOptions } from '../shared/resolve-options.js';
import { networkOf } from '../transport/network.js';
import type { AlertArguments } from './alert.js';
import { EXIT_FAILURE, EXIT_NO_DATA, EXIT_OK } from './exit-codes.js';
import { safeName } from './format-value.js';

export async function testNotifiers({ format }: AlertArguments): Promise<number> {
  const { env, stdout, stderr } = process;
  const resolved = resolveOptions(env);
  const { settings, problems } = readAlertSettings(resolved.options);
  const all = [...alertProblems(resolved.problems), ...problems];
  for (const problem of all) stderr.write(`tachograph: ${problem}\n`);
  const { notifiers } = createNotifiers({
    settings,
    link: '',
    nowMs: Date.now,
    write: undefined,
    network: networkOf(env),
  });
  const results: { notifier: string; state: SendOutcome['state']; reason: string }[] = [];
  for (const notifier of notifiers) {
    let outcome: SendOutcome;
    try {
      outcome = await notifier.send(testMessage(notifier.name, Date.now()));
    } catch (error) {
      outcome = { state: 'retry', reason: (error as Error).message, retryAfterMs: undefined };
    }
    const reason = outcome.state === 'delivered' ? '' : outcome.reason;
    results.push({ notifier: notifier.name, state: outcome.state, reason });
    if (format === 'human') {
      const said = outcome.state === 'delivered' ? 'delivered' : `not told: ${reason}`;
      stdout.write(`${safeName(`${notifier.name}: ${notifier.label}: ${said}`)}\n`);
    }
    await notifier.close();
  }
  if (format === 'json') stdout.write(`${JSON.stringify(results)}\n`);
  if (notifiers.length === 0) {
    stderr.write(
      'No notifier is configured. Set SLACK_WEBHOOK_URL, SMTP_URL with TACHOGRAPH_ALERT_EMAIL_TO, ' +
        'TACHOGRAPH_ALERT_WEBHOOK_URL or TACHOGRAPH_ALERTMANAGER_URL (docs/guides/alerts.md).\n',
    );
    return EXIT_NO_DATA;
  }
  const isWell = all.length === 0 && results.every(({ state }) => state === 'delivered');
  return isWell ? EXIT_OK : EXIT_FAILURE;
}

/** As real as one can be, and over at once, so that it stays open nowhere. */
function testMessage(notifier: string, nowMs: number): Notification {
  const key = keyOf(notifier, 'test', String(nowMs));
  const about = {
    metric: 'response_time',
    level: 'CRITICAL',
    unit: 'ms',
    service: 'tachograph-test',
  } as const;
  const alert = {
    ...about,
    id: key.slice(0, 16),
    rule: 'response_time.critical',
    attributes: {},
    value: 2345,
    threshold: 2000,
    worst: 2345,
    count: 100,
    note: 'This is a test: nothing is wrong.',
    windowMs: 60_000,
    sinceMs: nowMs - 60_000,
    endedMs: nowMs,
    endReason: 'cleared',
    context: ['GET /example: 100 requests, p95 2.35 s'],
  };
  const times = { atMs: nowMs, dueMs: nowMs };
  return { key, notifier, kind: 'test', ...times, afterKey: null, alerts: [alert], omitted: 0 };
}
