/** `tachograph alert list` and `replay`: alerts of a collector as lines of a terminal, or as JSON. */
import { type AlertLevel, type AlertUnit, quantityText } from '../alerts/rule.js';
import type { AlertArguments } from './alert.js';
import { createReadingClient } from './collector-client.js';
import { EXIT_FAILURE, EXIT_NO_DATA, EXIT_OK } from './exit-codes.js';
import { formatSpan, safeName } from './format-value.js';
import { paint } from './paint.js';
import type { Paint } from './table.js';

/** As the API gives it; docs/reference/api.md. */
export interface AlertRow {
  readonly id: string;
  readonly rule: string;
  readonly level: AlertLevel;
  readonly unit: AlertUnit;
  readonly value: number;
  readonly worst: number;
  readonly threshold: number;
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly sinceMs: number;
  readonly why: string;
  /** Of what is not over. */
  readonly state?: string;
  readonly silencedUntilMs?: number | null;
  readonly notifications?: readonly { readonly notifier: string; readonly state: string }[];
  readonly endedMs?: number | null;
}

/** What the API gives at most. */
const HISTORY_MAX = 500;

export async function listAlerts({ url, format, values }: AlertArguments): Promise<number> {
  const get = createReadingClient(url, process.env);
  const service = values.service as string | undefined;
  const path = values.history ? '/v1/alerts/history' : '/v1/alerts';
  const { from = '-7d', to } = values as { from?: string; to?: string };
  const range = values.history ? { from, to, limit: String(HISTORY_MAX) } : {};
  const answer = await get<{ alerts: AlertRow[] }>(path, { service, ...range });
  if (answer === undefined) return noAlerts();
  const { alerts } = answer;
  if (format === 'json') process.stdout.write(`${JSON.stringify(alerts)}\n`);
  else if (alerts.length > 0) process.stdout.write(renderAlerts(alerts, Date.now(), paint()));
  else process.stderr.write(values.history ? 'Nothing fired in this time.\n' : 'Nothing fires.\n');
  if (values.history && alerts.length === HISTORY_MAX) {
    process.stderr.write(`The newest ${HISTORY_MAX}. Earlier ones: --to TIME\n`);
  }
  const isFiring = alerts.some(({ state }) => state !== undefined && state !== 'pending');
  return isFiring ? EXIT_FAILURE : EXIT_OK;
}

interface ReplayAnswer {
  readonly alerts: readonly AlertRow[];
  readonly stepMs: number;
  readonly omitted: number;
  readonly leftOut: readonly { readonly metric: string; readonly why: string }[];
}

/** A replay reads all that was stored in its range: it may take minutes. */
export async function replayAlerts({ url, format, values }: AlertArguments): Promise<number> {
  const get = createReadingClient(url, process.env, 600_000);
  const answer = await get<ReplayAnswer>('/v1/alerts/replay', {
    from: (values.from as string | undefined) ?? '-1d',
    to: (values.to as string | undefined) ?? 'now',
  });
  if (answer === undefined) return noAlerts();
  const service = values.service as string | undefined;
  const alerts = answer.alerts.filter((row) => service === undefined || row.service === service);
  if (format === 'json') process.stdout.write(`${JSON.stringify({ ...answer, alerts })}\n`);
  else {
    process.stdout.write(renderAlerts(alerts, Date.now(), paint()));
    const more = answer.omitted > 0 ? ` ${answer.omitted} more are not listed.` : '';
    process.stderr.write(
      `${alerts.length} would have fired, judged every ${formatSpan(answer.stepMs)}.${more}\n`,
    );
    for (const { metric, why } of answer.leftOut) {
      process.stderr.write(`Not replayed: ${metric}, for ${why}.\n`);
    }
  }
  return EXIT_OK;
}

function noAlerts(): number {
  process.stderr.write(
    'This collector judges no alerts (TACHOGRAPH_ALERTS is off, or it is older).\n',
  );
  return EXIT_NO_DATA;
}

export function renderAlerts(alerts: readonly AlertRow[], nowMs: number, paint: Paint): string {
  return alerts.map((alert) => blockOf(alert, nowMs, paint)).join('');
}

function blockOf(alert: AlertRow, nowMs: number, paint: Paint): string {
  const { level, rule, service, attributes, unit, value, worst, threshold, sinceMs } = alert;
  const style = { CRITICAL: 'red', WARNING: 'yellow', INFO: 'dim' } as const;
  const system = [service, ...Object.values(attributes)].filter((text) => text !== '').join(' · ');
  const until = alert.endedMs ?? nowMs;
  const state = alert.endedMs === undefined || alert.endedMs === null ? 'for' : 'lasted';
  const start = new Date(sinceMs).toISOString().slice(0, 16).replace('T', ' ');
  const shown = quantityText(alert.endedMs ? worst : value, unit);
  const facts = `${shown} over ${quantityText(threshold, unit)}, since ${start} UTC, ${state} ${formatSpan(until - sinceMs)}`;
  const lines = [
    `${paint(style[level], level.padEnd(8))} ${paint('bold', rule)}  ${safeName(system)}`,
    `         ${alert.state === undefined ? '' : `${alert.state}: `}${facts}`,
    `         ${paint('dim', safeName(alert.why))}`,
  ];
  const told = (alert.notifications ?? []).map(({ notifier, state: of }) => `${notifier} ${of}`);
  if (alert.silencedUntilMs) {
    lines.push(`         silenced for ${formatSpan(alert.silencedUntilMs - nowMs)}`);
  }
  if (told.length > 0) lines.push(`         told: ${[...new Set(told)].join(', ')}`);
  return `${lines.join('\n')}\n`;
}
