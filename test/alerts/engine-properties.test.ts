/** What must hold of the engine and the plan whatever the values are. Time is virtual: hours take milliseconds. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alerts, GAP_MS, NO_DATA_EXPIRES_MS, step } from '../../src/alerts/engine.js';
import type { Notification } from '../../src/alerts/notification.js';
import { type Paces, planNotifications } from '../../src/alerts/plan-notifications.js';
import type { Rule } from '../../src/alerts/rule.js';
import type { Sample } from '../../src/alerts/sample.js';
import { makeRule, makeSample, T0 } from './make-rule.js';

const STEP_MS = 10_000;
/** A value or nothing, for each step. */
const series = fc.array(
  fc.option(fc.double({ min: 0, max: 300, noNaN: true }), { freq: 6, nil: undefined }),
  { minLength: 1, maxLength: 120 },
);
const rules = fc
  .record({
    forMs: fc.constantFrom(0, 30_000, 60_000, 120_000),
    clearForMs: fc.constantFrom(0, 60_000, 120_000),
    clearRatio: fc.constantFrom(0.5, 0.9, 1),
  })
  .map((parts) => makeRule(parts));

interface Seen {
  readonly fired: { readonly atMs: number; readonly id: string }[];
  readonly ended: { readonly atMs: number; readonly id: string }[];
  readonly alerts: Alerts;
}

/** The engine over a series, and then over silence until nothing is left. */
function run(rule: Rule, values: readonly (number | undefined)[]): Seen {
  let alerts: Alerts = new Map();
  const fired: Seen['fired'] = [];
  const ended: Seen['ended'] = [];
  const advance = (nowMs: number, samples: Sample[]): void => {
    const result = step(alerts, samples, { rules: [rule], nowMs });
    alerts = result.alerts;
    for (const { id } of result.fired) fired.push({ atMs: nowMs, id });
    for (const { alert } of result.ended) ended.push({ atMs: nowMs, id: alert.id });
  };
  values.forEach((value, index) => {
    const nowMs = T0 + index * STEP_MS;
    advance(nowMs, value === undefined ? [] : [makeSample(value, nowMs)]);
  });
  const endMs = T0 + values.length * STEP_MS;
  for (let ms = 0; ms <= 2 * GAP_MS + NO_DATA_EXPIRES_MS; ms += 60_000) advance(endMs + ms, []);
  return { fired, ended, alerts };
}

describe('whatever the values', () => {
  it('every firing was held for its duration, without a gap and without a value below', () => {
    fc.assert(
      fc.property(rules, series, (rule, values) => {
        for (const { atMs } of run(rule, values).fired) {
          const at = (atMs - T0) / STEP_MS;
          let first = at;
          let newest = at;
          for (let i = at; i >= 0; i--) {
            const value = values[i];
            if (value === undefined) continue;
            if (value <= rule.threshold || (newest - i) * STEP_MS > GAP_MS) break;
            first = i;
            newest = i;
          }
          expect((at - first) * STEP_MS).toBeGreaterThanOrEqual(rule.forMs);
        }
      }),
    );
  });

  it('what fires ends, once, and nothing ends that did not fire', () => {
    fc.assert(
      fc.property(rules, series, (rule, values) => {
        const { fired, ended, alerts } = run(rule, values);
        expect(alerts.size).toBe(0);
        expect(ended.map(({ id }) => id)).toEqual(fired.map(({ id }) => id));
        expect(new Set(fired.map(({ id }) => id)).size).toBe(fired.length);
      }),
    );
  });

  it('values between the two thresholds change nothing: it does not flap', () => {
    const between = fc.array(fc.double({ min: 90.001, max: 100, noNaN: true }), { maxLength: 60 });
    fc.assert(
      fc.property(between, fc.boolean(), (values, begins) => {
        const rule = makeRule({ forMs: 0, clearForMs: 0, clearRatio: 0.9 });
        const { fired, ended } = run(rule, begins ? [150, ...values] : values);
        expect(fired).toHaveLength(begins ? 1 : 0);
        // Only by the silence at the end.
        const endMs = T0 + (values.length + 1) * STEP_MS;
        for (const { atMs } of ended) expect(atMs).toBeGreaterThan(endMs);
      }),
    );
  });

  it('a backlog of any age and order fires nothing that is stale', () => {
    const backlog = fc.array(fc.integer({ min: GAP_MS + 1, max: 86_400_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(rules, backlog, (rule, agesMs) => {
        const samples = agesMs.map((ageMs) => makeSample(900, T0 - ageMs));
        const { fired, alerts } = step(new Map(), samples, { rules: [rule], nowMs: T0 });
        expect([fired.length, alerts.size]).toEqual([0, 0]);
      }),
    );
  });

  it('a step is the same from a state that was written down and read back', () => {
    fc.assert(
      fc.property(rules, series, (rule, values) => {
        let kept: Alerts = new Map();
        let read: Alerts = new Map();
        values.forEach((value, index) => {
          const nowMs = T0 + index * STEP_MS;
          const samples = value === undefined ? [] : [makeSample(value, nowMs)];
          kept = step(kept, samples, { rules: [rule], nowMs }).alerts;
          read = step(read, samples, { rules: [rule], nowMs }).alerts;
          read = new Map(JSON.parse(JSON.stringify([...read])));
        });
        expect([...read]).toEqual([...kept]);
      }),
    );
  });
});

describe('notifications', () => {
  const levels = [
    makeRule({ threshold: 200, level: 'CRITICAL' }),
    makeRule({ threshold: 150, level: 'WARNING' }),
    makeRule({ threshold: 100, level: 'INFO' }),
  ].map((rule) => ({ ...rule, forMs: 0, clearForMs: 0 }));
  const storm = fc.array(
    fc.array(
      fc.record({
        service: fc.integer({ min: 0, max: 30 }),
        value: fc.integer({ min: 0, max: 300 }),
      }),
      {
        maxLength: 40,
      },
    ),
    { minLength: 1, maxLength: 60 },
  );
  const stormMax = 5;

  function notificationsOf(looks: readonly { service: number; value: number }[][]): Notification[] {
    let alerts: Alerts = new Map();
    let paces: Paces = {};
    const all: Notification[] = [];
    looks.forEach((samples, index) => {
      const nowMs = T0 + index * STEP_MS;
      const result = step(
        alerts,
        samples.map(({ service, value }) => makeSample(value, nowMs, { service: `s${service}` })),
        { rules: levels, nowMs },
      );
      const plan = planNotifications({
        alerts: result.alerts,
        ended: result.ended,
        notifiers: [{ name: 'slack', level: 'INFO', repeatMs: 3_600_000, stormMax }],
        silences: [],
        maintenance: [],
        paces,
        waiting: new Set(),
        nowMs,
      });
      alerts = plan.alerts;
      paces = plan.paces;
      all.push(...plan.notifications);
    });
    return all;
  }

  it('are bounded: so many messages in any minute and a digest, whatever happens', () => {
    fc.assert(
      fc.property(storm, (looks) => {
        const sent = new Map(notificationsOf(looks).map((one) => [one.key, one.dueMs]));
        for (const startMs of sent.values()) {
          const within = [...sent.values()].filter((ms) => ms >= startMs && ms < startMs + 60_000);
          expect(within.length).toBeLessThanOrEqual(stormMax + 1);
        }
      }),
    );
  });

  it('tell each alert once that it fires and once that it ended, and never the end alone', () => {
    fc.assert(
      fc.property(storm, (looks) => {
        const told = new Map<string, string[]>();
        for (const { alerts } of notificationsOf(looks)) {
          for (const { id, endedMs } of alerts) {
            told.set(id, [...(told.get(id) ?? []), endedMs === null ? 'fires' : 'ended']);
          }
        }
        for (const states of told.values()) {
          expect(['fires', 'fires ended']).toContain(states.join(' '));
        }
      }),
    );
  });
});
