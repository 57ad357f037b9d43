/**
 * Who is to be told what, after a step of the engine. Pure. The rules of it:
 *
 *   - an alert is told when it fires, unless a more severe one of its group fires (inhibition), a silence or a
 *     maintenance window holds it back, or the notifier wants higher levels; when that ends, it is told then;
 *   - alerts of one rule and service that are to be told at once are one message;
 *   - while it fires it is told again every `repeatMs`, but not while the last message still waits;
 *   - that it ended is told to those who were told that it fired, after that message;
 *   - past STORM messages a minute of one notifier, what comes is gathered in a digest that goes out when
 *     the minute is over.
 */
import { type Alert, type EndedAlert, hasFired, type Told } from './alert.js';
import type { Alerts } from './engine.js';
import {
  keyOf,
  LISTED_MAX,
  type Notification,
  type NotificationKind,
  type ToldAlert,
  toldAlert,
} from './notification.js';
import { type AlertLevel, rankOf } from './rule.js';
import { groupKey } from './sample.js';
import { type MaintenanceWindow, type Silence, silencedUntilMs } from './silence.js';

const MINUTE_MS = 60_000;

export interface NotifierPlan {
  readonly name: string;
  /** The least severe level that it is told. */
  readonly level: AlertLevel;
  readonly repeatMs: number;
  /** Messages a minute, past which a digest is made. */
  readonly stormMax: number;
  /** A program that wants to hear of each alert: long lists are split, not cut. */
  readonly isWhole?: boolean;
}

/** How much a notifier was told lately; written down with the alerts. */
export interface Pace {
  /** Times of the messages of the last minute. */
  readonly recentMs: readonly number[];
  readonly digest: { readonly key: string; readonly dueMs: number } | null;
}
export type Paces = Readonly<Record<string, Pace>>;

export interface PlanInput {
  readonly alerts: Alerts;
  readonly ended: readonly EndedAlert[];
  readonly notifiers: readonly NotifierPlan[];
  readonly silences: readonly Silence[];
  readonly maintenance: readonly MaintenanceWindow[];
  readonly paces: Paces;
  /** Keys of messages that wait in the outbox. */
  readonly waiting: ReadonlySet<string>;
  readonly nowMs: number;
}

export interface Plan {
  /** With what each was told. */
  readonly alerts: Alerts;
  readonly paces: Paces;
  /** One with the key of a digest that waits is added to it. */
  readonly notifications: readonly Notification[];
}

/** A message before it is known whether it goes out alone. */
interface Draft {
  readonly kind: NotificationKind;
  readonly afterKey: string | null;
  readonly orAfterKey: string | null;
  readonly members: readonly { readonly mapKey: string | undefined; readonly told: ToldAlert }[];
}

export function planNotifications(input: PlanInput): Plan {
  const alerts = new Map(input.alerts);
  const paces: Record<string, Pace> = {};
  const notifications: Notification[] = [];
  for (const notifier of input.notifiers) {
    let pace = currentPace(input.paces[notifier.name], input.nowMs);
    for (const draft of draftsFor(notifier, input).flatMap((one) => partsOf(one, notifier))) {
      const planned = placed(draft, notifier, pace, input.nowMs);
      pace = planned.pace;
      notifications.push(planned.notification);
      const { key } = planned.notification;
      for (const { mapKey } of draft.members) {
        const alert = mapKey === undefined ? undefined : alerts.get(mapKey);
        if (mapKey === undefined || alert === undefined) continue;
        const before = alert.told[notifier.name];
        const told: Told = { key: before?.key ?? key, lastKey: key, lastMs: input.nowMs };
        alerts.set(mapKey, { ...alert, told: { ...alert.told, [notifier.name]: told } });
      }
    }
    paces[notifier.name] = pace;
  }
  return { alerts, paces, notifications };
}

function draftsFor(notifier: NotifierPlan, input: PlanInput): Draft[] {
  const { alerts, ended, silences, maintenance, waiting, nowMs } = input;
  const worst = worstByGroup(alerts);
  const drafts = new Map<string, { draft: Draft; members: Draft['members'][number][] }>();
  const add = (
    kind: NotificationKind,
    told: Told | undefined,
    alert: Alert,
    member: Draft['members'][number],
  ): void => {
    const afterKey = told?.key ?? null;
    const orAfterKey = told?.lastKey ?? null;
    const group = JSON.stringify([kind, afterKey, orAfterKey, alert.rule, alert.service]);
    const known = drafts.get(group);
    if (known !== undefined) known.members.push(member);
    else {
      const members = [member];
      drafts.set(group, { draft: { kind, afterKey, orAfterKey, members }, members });
    }
  };
  for (const [mapKey, alert] of alerts) {
    if (!hasFired(alert) || rankOf(alert.level) > rankOf(notifier.level)) continue;
    if (worst.get(groupKey(alert))! < rankOf(alert.level)) continue;
    if (silencedUntilMs(alert, silences, maintenance, nowMs) !== null) continue;
    const told = alert.told[notifier.name];
    const member = { mapKey, told: toldAlert(alert, undefined) };
    // Only what breaches now is news: one that recovers, or is not heard of, is told no more.
    if (alert.phase.state !== 'firing') continue;
    if (told === undefined) add('firing', undefined, alert, member);
    else if (nowMs - told.lastMs >= notifier.repeatMs && !waiting.has(told.lastKey)) {
      add('repeat', undefined, alert, member);
    }
  }
  for (const { alert, endedMs, reason } of ended) {
    const told = alert.told[notifier.name];
    if (told === undefined) continue;
    const member = { mapKey: undefined, told: toldAlert(alert, { endedMs, reason }) };
    add('resolved', told, alert, member);
  }
  return [...drafts.values()].map(({ draft }) => draft);
}

/** The rank of the most severe level that fires, by group. */
function worstByGroup(alerts: Alerts): ReadonlyMap<string, number> {
  const worst = new Map<string, number>();
  for (const alert of alerts.values()) {
    if (!hasFired(alert)) continue;
    const key = groupKey(alert);
    worst.set(key, Math.min(worst.get(key) ?? Number.POSITIVE_INFINITY, rankOf(alert.level)));
  }
  return worst;
}

function currentPace(pace: Pace | undefined, nowMs: number): Pace {
  const recentMs = (pace?.recentMs ?? []).filter((timeMs) => nowMs - timeMs < MINUTE_MS);
  const digest = pace?.digest ?? null;
  return { recentMs, digest: digest !== null && digest.dueMs > nowMs ? digest : null };
}

/** One message, or several for who is to hear of each alert. */
function partsOf(draft: Draft, { isWhole }: NotifierPlan): Draft[] {
  const { members } = draft;
  if (isWhole !== true || members.length <= LISTED_MAX) return [draft];
  const parts: Draft[] = [];
  for (let from = 0; from < members.length; from += LISTED_MAX) {
    parts.push({ ...draft, members: members.slice(from, from + LISTED_MAX) });
  }
  return parts;
}

/** As a message of its own, or as a part of the digest. */
function placed(
  { kind, afterKey, orAfterKey, members }: Draft,
  { name, stormMax }: NotifierPlan,
  pace: Pace,
  nowMs: number,
): { pace: Pace; notification: Notification } {
  const told = members.map((member) => member.told);
  const alerts = told.slice(0, LISTED_MAX);
  const omitted = told.length - alerts.length;
  const own = { notifier: name, atMs: nowMs, alerts, omitted };
  if (pace.digest === null && pace.recentMs.length < stormMax) {
    const ids = told.map(({ id }) => id).sort();
    const key = keyOf(name, kind, ...(kind === 'repeat' ? [String(nowMs)] : []), ...ids);
    return {
      pace: { ...pace, recentMs: [...pace.recentMs, nowMs] },
      notification: { ...own, key, kind, dueMs: nowMs, afterKey, orAfterKey },
    };
  }
  const digest = pace.digest ?? {
    key: keyOf(name, 'digest', String(nowMs)),
    dueMs: nowMs + MINUTE_MS,
  };
  return {
    pace: { ...pace, digest },
    notification: { ...own, ...digest, kind: 'digest', afterKey: null },
  };
}
