/** The routes of alerts: what fires, what did, silences, and a replay. docs/reference/api.md describes them. */
import { randomUUID } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { type Alert, type EndedAlert, hasFired } from '../../alerts/alert.js';
import { toldAlert } from '../../alerts/notification.js';
import { whyOf } from '../../alerts/notify/wording.js';
import { rankOf } from '../../alerts/rule.js';
import { type Silence, silencedUntilMs } from '../../alerts/silence.js';
import { TooManySamplesError } from '../alerts/sample-list.js';
import type { RunningAlerts } from '../alerts/start-alerts.js';
import { DAY_MS } from '../store/data-folder.js';
import { HttpError } from './http-error.js';
import { parseView, textOf } from './parse-query.js';
import { badParameter } from './parse-time.js';

export interface AlertRouteOptions {
  /** Undefined where this collector has none. */
  readonly alerts: RunningAlerts | undefined;
  readonly now: () => number;
}

const BODY_BYTES_MAX = 16 * 1024;
const MATCHERS_MAX = 16;
const TEXT_LENGTH_MAX = 500;
const SILENCES_MAX = 1000;
const SILENCE_MS_MAX = 366 * DAY_MS;
const REPLAY_MS_MAX = 31 * DAY_MS;

export function addAlertRoutes(app: Hono, { alerts, now }: AlertRouteOptions): void {
  if (alerts === undefined) return;
  const { journal, evaluator } = alerts;
  const parameters = (context: Context): URLSearchParams => new URL(context.req.url).searchParams;
  app.get('/v1/alerts', (context) => {
    const service = textOf(parameters(context), 'service');
    const open = [...evaluator.alerts.values()].filter(
      (alert) => service === undefined || alert.service === service,
    );
    return context.json({ alerts: rowsOf(alerts, open, now()) });
  });
  app.get('/v1/alerts/history', (context) => {
    const { fromMs, toMs, limit, service } = parseView(parameters(context), now(), '-7d');
    const ended = journal.history({ fromMs, toMs, service, limit });
    return context.json({ alerts: ended.map(endedRow) });
  });
  app.get('/v1/alerts/replay', async (context) => {
    const { fromMs, toMs } = parseView(parameters(context), now(), '-1d');
    if (toMs - fromMs > REPLAY_MS_MAX) throw badParameter('from', 'a range of at most 31 days');
    const { episodes, ...rest } = await alerts.replay({ fromMs, toMs }).catch(refuseTooMany);
    return context.json({ ...rest, alerts: episodes.map(endedRow) });
  });
  app.get('/v1/silences', (context) => context.json({ silences: journal.silences(now()) }));
  app.post('/v1/silences', async (context) => {
    if (journal.silences(now()).length >= SILENCES_MAX) {
      throw new HttpError(
        409,
        'too_many_silences',
        `expected at most ${SILENCES_MAX} silences, got more.`,
      );
    }
    const silence = await readSilence(context, now());
    journal.addSilence(silence);
    return context.json({ silence }, 201);
  });
  app.delete('/v1/silences/:id', (context) => {
    if (journal.removeSilence(context.req.param('id'))) return context.json({ removed: true });
    throw new HttpError(
      404,
      'no_such_silence',
      'no silence has that id; GET /v1/silences lists them.',
    );
  });
}

function refuseTooMany(error: unknown): never {
  if (!(error instanceof TooManySamplesError)) throw error;
  throw new HttpError(
    400,
    'too_many_samples',
    `from, to: expected a range in which the rules have at most ${error.countMax} values to judge, got one in which ` +
      'they have more. Ask for less than 25 h: the shorter, the fewer.',
  );
}

/** Firing first, the most severe first, the oldest first. */
function rowsOf(
  { journal, settings }: RunningAlerts,
  open: readonly Alert[],
  nowMs: number,
): object[] {
  const silences = journal.silences(nowMs);
  const deliveries = journal.deliveries();
  return [...open]
    .sort(
      (a, b) =>
        Number(hasFired(b)) - Number(hasFired(a)) ||
        rankOf(a.level) - rankOf(b.level) ||
        a.phase.sinceMs - b.phase.sinceMs,
    )
    .map((alert) => ({
      ...rowOf(alert),
      state: alert.phase.state,
      silencedUntilMs: silencedUntilMs(alert, silences, settings.maintenance, nowMs),
      notifications: deliveries
        .filter(({ alertId }) => alertId === alert.id)
        .map(({ notifier, state, atMs }) => ({ notifier, state, atMs })),
    }));
}

function rowOf(alert: Alert, ended?: { endedMs: number; reason: string }): object {
  const { id, rule, level, metric, unit, value, threshold, service, attributes, worst, count } =
    alert;
  const { sinceMs } = alert.phase;
  const why = whyOf(toldAlert(alert, ended)).join(' ');
  const own = { id, rule, level, metric, unit, value, threshold, worst, count };
  return { ...own, service, attributes, sinceMs, why };
}

function endedRow({
  alert,
  endedMs,
  reason,
}: Partial<Omit<EndedAlert, 'alert' | 'endedMs'>> & {
  readonly alert: Alert;
  readonly endedMs: number | null;
}): object {
  const ended = endedMs === null ? undefined : { endedMs, reason: reason ?? 'cleared' };
  return { ...rowOf(alert, ended), endedMs, endReason: ended?.reason ?? null };
}

async function readSilence(context: Context, nowMs: number): Promise<Silence> {
  // A page of another site can send a form or plain text without being asked, but no JSON.
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new HttpError(
      415,
      'unsupported_media_type',
      'expected application/json, got another type.',
    );
  }
  if (!(Number(context.req.header('content-length') ?? Number.NaN) <= BODY_BYTES_MAX)) {
    throw new HttpError(
      413,
      'body_too_large',
      `expected a Content-Length of at most ${BODY_BYTES_MAX} bytes, got more or none.`,
      { close: true },
    );
  }
  const text = await context.req.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw badSilence('JSON');
  }
  if (typeof body !== 'object' || body === null) throw badSilence('an object');
  const { matchers = {}, forMs, comment = '' } = body as Record<string, unknown>;
  if (typeof forMs !== 'number' || !(forMs >= 1000 && forMs <= SILENCE_MS_MAX)) {
    throw badSilence('"forMs" of at least 1000, and of a year at most');
  }
  if (typeof comment !== 'string' || comment.length > TEXT_LENGTH_MAX) {
    throw badSilence(`"comment" of at most ${TEXT_LENGTH_MAX} characters`);
  }
  if (!areMatchers(matchers)) {
    throw badSilence(
      `"matchers" with at most ${MATCHERS_MAX} texts, by rule, metric, level, service or attribute`,
    );
  }
  return { id: randomUUID(), matchers, fromMs: nowMs, untilMs: nowMs + forMs, comment };
}

function badSilence(expected: string): HttpError {
  return new HttpError(400, 'bad_silence', `expected ${expected}, got something else.`);
}

function areMatchers(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const pairs = Object.entries(value);
  const isText = (text: unknown): boolean =>
    typeof text === 'string' && text.length <= TEXT_LENGTH_MAX;
  return pairs.length <= MATCHERS_MAX && pairs.flat().every(isText);
}
