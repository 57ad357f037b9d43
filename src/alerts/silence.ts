/**
 * Who is not told, and until when: silences that people make, and maintenance windows that come again every
 * week. They hold back notifications; alerts go on. Pure.
 */
import type { Alert } from './alert.js';

export interface Silence {
  readonly id: string;
  /** Each must match: `rule`, `metric`, `level`, `service`, or an attribute; `*` is any text. None: every alert. */
  readonly matchers: Readonly<Record<string, string>>;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly comment: string;
}

/** A time of each week, or of each day, in UTC. Minutes from midnight; `to` may be past it. */
export interface MaintenanceWindow {
  /** 0 is Sunday; undefined every day. */
  readonly day: number | undefined;
  readonly fromMinute: number;
  readonly toMinute: number;
}

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export const MAINTENANCE_FORM: RegExp =
  /^(daily|sun|mon|tue|wed|thu|fri|sat) +([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/i;
const DAY_MINUTES = 1440;
const MINUTE_MS = 60_000;

/** When the alert may be told again: the latest of what holds it back; null when nothing does. */
export function silencedUntilMs(
  alert: Alert,
  silences: readonly Silence[],
  windows: readonly MaintenanceWindow[],
  nowMs: number,
): number | null {
  const ends = [
    ...silences
      .filter(({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs)
      .filter(({ matchers }) => matches(matchers, alert))
      .map(({ untilMs }) => untilMs),
    ...windows.flatMap((window) => endOf(window, nowMs) ?? []),
  ];
  return ends.length === 0 ? null : Math.max(...ends);
}

export function matches(matchers: Silence['matchers'], alert: Alert): boolean {
  const { rule, metric, level, service, attributes } = alert;
  const own: Record<string, string> = { ...attributes, rule, metric, level, service };
  return Object.entries(matchers).every(([name, pattern]) =>
    fits(pattern, Object.hasOwn(own, name) ? own[name]! : ''),
  );
}

/** Linear: the parts between stars are looked for one after the other. */
function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = rest.pop()!;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** What the form above has matched. */
export function parseMaintenance(text: string): MaintenanceWindow | undefined {
  const match = MAINTENANCE_FORM.exec(text.trim());
  if (match === null) return undefined;
  const [, day = '', fromHour, fromMinute, toHour, toMinute] = match;
  const from = Number(fromHour) * 60 + Number(fromMinute);
  const to = Number(toHour) * 60 + Number(toMinute);
  const index = DAYS.indexOf(day.toLowerCase() as (typeof DAYS)[number]);
  return {
    day: index < 0 ? undefined : index,
    fromMinute: from,
    // `22:00-02:00` ends on the next day.
    toMinute: to > from ? to : to + DAY_MINUTES,
  };
}

/** Unix ms of the end of the window that `nowMs` is in. */
function endOf(
  { day, fromMinute, toMinute }: MaintenanceWindow,
  nowMs: number,
): number | undefined {
  const midnight = new Date(nowMs).setUTCHours(0, 0, 0, 0);
  // Today's, and yesterday's that goes on.
  for (const start of [midnight, midnight - DAY_MINUTES * MINUTE_MS]) {
    if (day !== undefined && new Date(start).getUTCDay() !== day) continue;
    const endMs = start + toMinute * MINUTE_MS;
    if (start + fromMinute * MINUTE_MS <= nowMs && nowMs < endMs) return endMs;
  }
  return undefined;
}
