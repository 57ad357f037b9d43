/**
 * What one notifier is to be told: one message, of one or of several alerts. Pure data; it waits in the outbox
 * as JSON. Its key is the same however often it is sent, so that a receiver can tell a repetition.
 */
import { createHash } from 'node:crypto';
import type { Alert } from './alert.js';
import type { AlertLevel, AlertUnit } from './rule.js';

/** `digest` holds what came while there was too much to tell one by one. */
export type NotificationKind = 'firing' | 'repeat' | 'resolved' | 'digest' | 'test';

/** An alert as it was when it was told. */
export interface ToldAlert {
  readonly id: string;
  readonly rule: string;
  readonly metric: string;
  readonly level: AlertLevel;
  readonly unit: AlertUnit;
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly value: number;
  readonly threshold: number;
  readonly worst: number;
  readonly count: number | null;
  readonly note: string;
  readonly windowMs: number;
  readonly sinceMs: number;
  /** Null while it fires. */
  readonly endedMs: number | null;
  readonly endReason: string | null;
  readonly context: readonly string[];
}

export interface Notification {
  /** What a receiver may tell repetitions by. */
  readonly key: string;
  readonly notifier: string;
  readonly kind: NotificationKind;
  readonly atMs: number;
  /** Not sent before. */
  readonly dueMs: number;
  /** Sent only when this one was delivered, and dropped when it never will be. */
  readonly afterKey: string | null;
  /** Where that one failed: only when this one was, a later word of the same. */
  readonly orAfterKey?: string | null;
  readonly alerts: readonly ToldAlert[];
  /** Alerts that are not listed. */
  readonly omitted: number;
}

/** Of one message: a longer list is read by nobody. */
export const LISTED_MAX = 20;

export function toldAlert(
  alert: Alert,
  ended: { readonly endedMs: number; readonly reason: string } | undefined,
): ToldAlert {
  const { id, rule, metric, level, unit, service, attributes, value, threshold } = alert;
  const { worst, count, note, windowMs, context, phase } = alert;
  const { sinceMs } = phase;
  const own = { id, rule, metric, level, unit, service, attributes, value, threshold };
  const endedMs = ended?.endedMs ?? null;
  const endReason = ended?.reason ?? null;
  return { ...own, worst, count, note, windowMs, sinceMs, endedMs, endReason, context };
}

/** A digest that waits, and what came to it since. */
export function joinedDigest(digest: Notification, more: Notification): Notification {
  const alerts = [...digest.alerts, ...more.alerts];
  const cut = Math.max(0, alerts.length - LISTED_MAX);
  return {
    ...digest,
    alerts: alerts.slice(0, LISTED_MAX),
    omitted: digest.omitted + more.omitted + cut,
  };
}

export function keyOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 32);
}
