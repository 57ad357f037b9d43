/**
 * What a message says, in plain words that no medium has escaped yet: title, fields and reasons of each alert.
 * Pure; every notifier says the same.
 */
import { formatItems } from '../../shared/format-items.js';
import type { Notification, ToldAlert } from '../notification.js';
import { type AlertLevel, quantityText, rankOf } from '../rule.js';

export interface AlertWording {
  readonly title: string;
  readonly metric: string;
  readonly value: string;
  readonly threshold: string;
  /** The service, or the host. */
  readonly system: string;
  /** Why: window, count, since when, what is behind it. */
  readonly why: readonly string[];
}

export interface Wording {
  readonly title: string;
  readonly level: AlertLevel;
  readonly isOver: boolean;
  readonly alerts: readonly AlertWording[];
  readonly omitted: number;
}

export function wordingOf(notification: Notification): Wording {
  const { kind, alerts, omitted } = notification;
  const open = alerts.filter(({ endedMs }) => endedMs === null);
  const isOver = open.length === 0;
  const level = worstOf(open.length > 0 ? open : alerts);
  return { title: titleOf(), level, isOver, alerts: alerts.map(alertWording), omitted };

  function titleOf(): string {
    const first = alerts[0];
    const count = alerts.length + omitted;
    if (kind === 'test') return 'Test of Tachograph’s alerts: this message needs no action';
    if (first === undefined) return 'No alerts';
    if (kind === 'digest') return `${formatItems(count, 'alert')} in a minute, ${level} at worst`;
    const word = { firing: level, repeat: `Still ${level}`, resolved: 'Resolved' }[kind];
    const more = count > 1 ? ` (${count})` : '';
    return `${word}: ${first.metric} of ${systemOf(first)}${more}`;
  }
}

function alertWording(alert: ToldAlert): AlertWording {
  const { metric, value, threshold, unit, level, endedMs } = alert;
  const state = endedMs === null ? level : 'Resolved';
  return {
    title: `${state}: ${metric} of ${systemOf(alert)}`,
    metric,
    value: quantityText(value, unit),
    threshold: quantityText(threshold, unit),
    system: systemOf(alert),
    why: whyOf(alert),
  };
}

/** What it is about: the service and what tells its group apart. */
export function systemOf({
  service,
  attributes,
}: Pick<ToldAlert, 'service' | 'attributes'>): string {
  const parts = [service, ...Object.values(attributes)].filter((part) => part !== '');
  return parts.length === 0 ? 'this collector' : parts.join(' · ');
}

export function whyOf(alert: ToldAlert): string[] {
  const { value, threshold, worst, unit, count, windowMs, sinceMs, endedMs, note } = alert;
  const over = count === null ? '' : ` of ${formatItems(count, 'value')}`;
  const during = windowMs === 0 ? '' : ` in ${spanText(windowMs)}`;
  const lines = [
    `${quantityText(value, unit)}${over}${during}, limit ${quantityText(threshold, unit)}.`,
    endedMs === null
      ? `Since ${timeText(sinceMs)}.`
      : `From ${timeText(sinceMs)} to ${timeText(endedMs)} (${spanText(endedMs - sinceMs)})` +
        `${alert.endReason === 'cleared' ? '' : `, ${alert.endReason}`}.`,
  ];
  if (worst > value) lines.push(`At worst ${quantityText(worst, unit)}.`);
  if (note !== '') lines.push(note);
  return [...lines, ...alert.context];
}

export function timeText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function spanText(spanMs: number): string {
  const minutes = Math.round(spanMs / 60_000);
  if (minutes < 1) return `${Math.max(1, Math.round(spanMs / 1000))} s`;
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function worstOf(alerts: readonly ToldAlert[]): AlertLevel {
  return alerts.reduce<AlertLevel>(
    (worst, { level }) => (rankOf(level) < rankOf(worst) ? level : worst),
    'INFO',
  );
}
