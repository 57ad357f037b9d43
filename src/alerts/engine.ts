/**
 * The state machine of alerts: pure, and evaluated on event time. One step takes samples and the time, and
 * gives the next state and what changed. Per rule and group:
 *
 *     inactive → pending → firing ⇄ recovering → inactive
 *                             ⇅ no_data → inactive
 *
 * A sample that is older than STALE_MS, or not newer than the last one of its alert, changes nothing: what
 * comes late, as a backlog after an outage, fires nothing. Bounded by ALERTS_MAX; past it no new alert
 * begins, and the step says how many did not.
 */
import { createHash } from 'node:crypto';
import type { Alert, EndedAlert, Phase } from './alert.js';
import type { Rule } from './rule.js';
import { groupKey, type Sample } from './sample.js';

export const ALERTS_MAX = 1000;
/** Samples come every 10 s; with a window that is late, and a collector that restarts, this is no gap yet. */
export const GAP_MS = 180_000;
/** An alert of which nothing was heard for so long, since that was noticed, is over. */
export const NO_DATA_EXPIRES_MS = 900_000;
const STALE_MS = 180_000;
/** Clocks of agents are corrected to this. */
const AHEAD_MS_MAX = 60_000;

/** By rule and group. */
export type Alerts = ReadonlyMap<string, Alert>;

export interface StepOptions {
  readonly rules: readonly Rule[];
  /** Unix ms. */
  readonly nowMs: number;
  /** Time between samples where it is longer than usual, as in a replay; a gap is more than twice that. */
  readonly cadenceMs?: number;
}

export interface StepResult {
  readonly alerts: Alerts;
  readonly fired: readonly Alert[];
  readonly ended: readonly EndedAlert[];
  /** Alerts that did not begin because there are too many. */
  readonly omitted: number;
}

type Advance =
  | { readonly to: 'inactive' }
  | { readonly to: 'alert'; readonly alert: Alert; readonly isNew: boolean }
  | { readonly to: 'end'; readonly alert: Alert };

export function step(
  before: Alerts,
  samples: readonly Sample[],
  { rules, nowMs, cadenceMs = 0 }: StepOptions,
): StepResult {
  const gapMs = Math.max(GAP_MS, 2.5 * cadenceMs);
  const alerts = new Map(before);
  const fired: Alert[] = [];
  const ended: EndedAlert[] = [];
  let omitted = 0;
  const byMetric = rulesByMetric(rules);
  const fresh = samples.filter((sample) => isFresh(sample, nowMs));
  for (const sample of fresh.sort((a, b) => a.timeMs - b.timeMs)) {
    for (const rule of byMetric.get(sample.metric) ?? []) {
      if (sample.count !== null && sample.count < rule.samplesMin) continue;
      const key = `${rule.name} ${groupKey(sample)}`;
      const known = alerts.get(key);
      const next = known === undefined ? begin(rule, sample) : advance(known, rule, sample, gapMs);
      if (next.to === 'inactive') alerts.delete(key);
      else if (next.to === 'end') {
        alerts.delete(key);
        ended.push({ alert: next.alert, endedMs: sample.timeMs, reason: 'cleared' });
      } else if (known === undefined && alerts.size >= ALERTS_MAX) omitted += 1;
      else {
        alerts.set(key, next.alert);
        if (next.isNew) fired.push(next.alert);
      }
    }
  }
  const names = new Set(rules.map(({ name }) => name));
  for (const [key, alert] of alerts) {
    const next = names.has(alert.rule) ? aged(alert, nowMs, gapMs) : undefined;
    if (next === alert) continue;
    if (next !== undefined) alerts.set(key, next);
    else {
      alerts.delete(key);
      if (alert.phase.state === 'pending') continue;
      const reason = names.has(alert.rule) ? 'no data' : 'rule removed';
      ended.push({ alert, endedMs: alert.lastMs, reason });
    }
  }
  // What fired and ended in one step, from several samples, is told neither as the one nor as the other.
  const open = new Set([...alerts.values()].map(({ id }) => id));
  return { alerts, fired: fired.filter(({ id }) => open.has(id)), ended, omitted };
}

function isFresh({ timeMs, value }: Sample, nowMs: number): boolean {
  return Number.isFinite(value) && timeMs >= nowMs - STALE_MS && timeMs <= nowMs + AHEAD_MS_MAX;
}

function limitIn(rule: Rule, sample: Sample): number {
  return rule.takesLimits ? (sample.limit ?? rule.threshold) : rule.threshold;
}

function begin(rule: Rule, sample: Sample): Advance {
  const threshold = limitIn(rule, sample);
  if (sample.value <= threshold) return { to: 'inactive' };
  const { metric, service, attributes, value, count, timeMs, note = '' } = sample;
  const phase: Phase =
    rule.forMs === 0
      ? { state: 'firing', sinceMs: timeMs, firedMs: timeMs }
      : { state: 'pending', sinceMs: timeMs };
  const alert: Alert = {
    id: idOf(rule, sample),
    rule: rule.name,
    metric,
    level: rule.level,
    unit: rule.unit,
    service,
    attributes,
    phase,
    value,
    threshold,
    count,
    note,
    worst: value,
    lastMs: timeMs,
    windowMs: rule.windowMs,
    context: [],
    told: {},
  };
  return { to: 'alert', alert, isNew: phase.state === 'firing' };
}

function advance(alert: Alert, rule: Rule, sample: Sample, gapMs: number): Advance {
  const { value, count, timeMs, note = '' } = sample;
  if (timeMs <= alert.lastMs) return { to: 'alert', alert, isNew: false };
  const threshold = limitIn(rule, sample);
  const isOver = value > threshold;
  const isClear = value <= threshold * rule.clearRatio;
  const isAfterGap = timeMs - alert.lastMs > gapMs;
  const seen = {
    ...alert,
    value,
    threshold,
    count,
    note,
    worst: Math.max(alert.worst, value),
    lastMs: timeMs,
  };
  const { phase } = alert;
  const to = (next: Phase, isNew = false): Advance => ({
    to: 'alert',
    alert: { ...seen, phase: next },
    isNew,
  });
  if (phase.state === 'pending') {
    if (!isOver) return { to: 'inactive' };
    if (isAfterGap) return begin(rule, sample);
    if (timeMs - phase.sinceMs < rule.forMs) return to(phase);
    return to({ state: 'firing', sinceMs: phase.sinceMs, firedMs: timeMs }, true);
  }
  const { sinceMs, firedMs } = phase;
  // Between the clear threshold and the other one it is still what it was: firing.
  if (!isClear) return to({ state: 'firing', sinceMs, firedMs });
  const clearSinceMs = phase.state === 'recovering' && !isAfterGap ? phase.clearSinceMs : timeMs;
  if (timeMs - clearSinceMs >= rule.clearForMs) return { to: 'end', alert: seen };
  return to({ state: 'recovering', sinceMs, firedMs, clearSinceMs });
}

/** The alert as time alone leaves it; undefined when it is over. */
function aged(alert: Alert, nowMs: number, gapMs: number): Alert | undefined {
  if (nowMs - alert.lastMs <= gapMs) return alert;
  const { phase } = alert;
  switch (phase.state) {
    case 'pending':
      return undefined;
    case 'no_data':
      return nowMs - phase.noticedMs > NO_DATA_EXPIRES_MS ? undefined : alert;
    case 'firing':
    case 'recovering': {
      const { sinceMs, firedMs } = phase;
      return { ...alert, phase: { state: 'no_data', sinceMs, firedMs, noticedMs: nowMs } };
    }
  }
}

function rulesByMetric(rules: readonly Rule[]): ReadonlyMap<string, readonly Rule[]> {
  const byMetric = new Map<string, Rule[]>();
  for (const rule of rules) {
    const ofMetric = byMetric.get(rule.metric);
    if (ofMetric === undefined) byMetric.set(rule.metric, [rule]);
    else ofMetric.push(rule);
  }
  return byMetric;
}

function idOf(rule: Rule, sample: Sample): string {
  const text = `${rule.name} ${groupKey(sample)} ${sample.timeMs}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
