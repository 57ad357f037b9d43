import { describe, expect, it } from 'vitest';
import {
  ALERTS_MAX,
  type Alerts,
  GAP_MS,
  NO_DATA_EXPIRES_MS,
  type StepResult,
  step,
} from '../../src/alerts/engine.js';
import type { Rule } from '../../src/alerts/rule.js';
import type { Sample } from '../../src/alerts/sample.js';
import { makeRule, makeSample, T0 } from './make-rule.js';

/** An engine whose clock is the time of each sample. */
function engine(...rules: Rule[]) {
  let alerts: Alerts = new Map();
  const at = (nowMs: number, ...samples: Sample[]): StepResult => {
    const result = step(alerts, samples, { rules, nowMs });
    alerts = result.alerts;
    return result;
  };
  return {
    at,
    value: (value: number, seconds: number) =>
      at(T0 + seconds * 1000, makeSample(value, T0 + seconds * 1000)),
    states: () => [...alerts.values()].map(({ phase }) => phase.state),
    alerts: () => alerts,
  };
}

describe('an alert', () => {
  it('fires when its condition has held, and not before', () => {
    const { value, states } = engine(makeRule());
    expect(value(150, 0).fired).toEqual([]);
    expect(states()).toEqual(['pending']);
    expect(value(150, 50).fired).toEqual([]);
    const { fired } = value(160, 60);
    expect(fired).toHaveLength(1);
    expect(fired[0]).toMatchObject({
      rule: 'response_time.critical',
      value: 160,
      threshold: 100,
      phase: { state: 'firing', sinceMs: T0, firedMs: T0 + 60_000 },
    });
    expect(value(160, 70).fired).toEqual([]);
  });

  it('does not fire at its threshold, only above it', () => {
    const { value, states } = engine(makeRule({ forMs: 0 }));
    value(100, 0);
    expect(states()).toEqual([]);
    expect(value(100.01, 10).fired).toHaveLength(1);
  });

  it('begins anew when its condition did not hold in between', () => {
    const { value } = engine(makeRule());
    value(150, 0);
    value(99, 30);
    expect(value(150, 60).fired).toEqual([]);
    expect(value(150, 110).fired).toEqual([]);
    expect(value(150, 120).fired).toHaveLength(1);
  });

  it('does not take a gap for time in which it held', () => {
    const { at, value, states } = engine(makeRule());
    value(150, 0);
    const laterMs = T0 + GAP_MS + 1000;
    expect(at(laterMs, makeSample(150, laterMs)).fired).toEqual([]);
    expect(states()).toEqual(['pending']);
  });

  it('clears only below the lower threshold, and after a while', () => {
    const { value, states } = engine(makeRule({ forMs: 0 }));
    value(150, 0);
    value(95, 10);
    expect(states()).toEqual(['firing']);
    value(90, 20);
    expect(states()).toEqual(['recovering']);
    value(95, 30);
    expect(states()).toEqual(['firing']);
    value(80, 40);
    expect(value(80, 90).ended).toEqual([]);
    const { ended } = value(80, 100);
    expect(ended).toMatchObject([{ endedMs: T0 + 100_000, reason: 'cleared' }]);
    expect(states()).toEqual([]);
  });

  it('is another one when it fires again', () => {
    const { value } = engine(makeRule({ forMs: 0, clearForMs: 0 }));
    const [first] = value(150, 0).fired;
    value(10, 10);
    const [second] = value(150, 20).fired;
    expect(second!.id).not.toBe(first!.id);
  });

  it('says nothing of too few values', () => {
    const { at, states } = engine(makeRule({ forMs: 0, samplesMin: 20 }));
    at(T0, makeSample(1000, T0, { count: 19 }));
    expect(states()).toEqual([]);
    expect(at(T0 + 10_000, makeSample(1000, T0 + 10_000, { count: 20 })).fired).toHaveLength(1);
  });

  it('goes by the limit of a sample, unless the rule’s own was set', () => {
    const limit = 500;
    const own = engine(makeRule({ forMs: 0 }));
    expect(own.at(T0, makeSample(300, T0, { limit })).fired).toHaveLength(1);
    const taking = engine(makeRule({ forMs: 0, takesLimits: true }));
    expect(taking.at(T0, makeSample(300, T0, { limit })).fired).toEqual([]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('is not begun by %s', (value) => {
    const { at } = engine(makeRule({ forMs: 0 }));
    expect(at(T0, makeSample(value, T0)).alerts.size).toBe(0);
  });
});

describe('an alert of which nothing is heard', () => {
  it('has no data, goes on when there is some again, and is over after a while', () => {
    const { at, value, states } = engine(makeRule({ forMs: 0 }));
    value(150, 0);
    at(T0 + GAP_MS + 1);
    expect(states()).toEqual(['no_data']);
    const backMs = T0 + GAP_MS + 60_000;
    expect(at(backMs, makeSample(150, backMs)).fired).toEqual([]);
    expect(states()).toEqual(['firing']);
    const goneMs = backMs + GAP_MS + 1;
    at(goneMs);
    expect(at(goneMs + NO_DATA_EXPIRES_MS).ended).toEqual([]);
    const { ended } = at(goneMs + NO_DATA_EXPIRES_MS + 1);
    expect(ended).toMatchObject([{ endedMs: backMs, reason: 'no data' }]);
  });

  it('is forgotten when it was pending', () => {
    const { at, value } = engine(makeRule());
    value(150, 0);
    const result = at(T0 + GAP_MS + 1);
    expect([result.alerts.size, result.ended]).toEqual([0, []]);
  });

  it('is given time after its evaluator was away, however long', () => {
    const { at, value, states } = engine(makeRule({ forMs: 0 }));
    value(150, 0);
    const backMs = T0 + 10 * NO_DATA_EXPIRES_MS;
    expect(at(backMs).ended).toEqual([]);
    at(backMs + 20_000, makeSample(150, backMs + 20_000));
    expect(states()).toEqual(['firing']);
  });
});

describe('samples', () => {
  it('that come late fire nothing, however many they are', () => {
    const { at } = engine(makeRule());
    const nowMs = T0 + 3_600_000;
    const backlog = Array.from({ length: 300 }, (_, i) => makeSample(900, T0 + i * 10_000));
    const { fired, alerts } = at(nowMs, ...backlog);
    expect([fired, alerts.size]).toEqual([[], 0]);
  });

  it('are each taken once, and never backwards', () => {
    const { at, alerts } = engine(makeRule());
    at(T0, makeSample(150, T0));
    at(T0 + 1000, makeSample(10, T0), makeSample(10, T0 - 10_000));
    expect([...alerts().values()]).toMatchObject([{ value: 150, lastMs: T0 }]);
  });

  it('of the future are not believed', () => {
    const { at } = engine(makeRule({ forMs: 0 }));
    expect(at(T0, makeSample(900, T0 + 120_000)).fired).toEqual([]);
  });

  it('are judged apart by service and attributes', () => {
    const { at } = engine(makeRule({ forMs: 0 }));
    const { fired } = at(
      T0,
      makeSample(900, T0),
      makeSample(900, T0, { service: 'cart' }),
      makeSample(900, T0, { attributes: { 'http.route': '/a' } }),
      makeSample(10, T0, { attributes: { 'http.route': '/b' } }),
    );
    expect(new Set(fired.map(({ id }) => id)).size).toBe(3);
  });
});

it('alerts are bounded, and what does not begin is counted', () => {
  const { at } = engine(makeRule({ forMs: 0 }));
  const many = Array.from({ length: ALERTS_MAX + 7 }, (_, i) =>
    makeSample(900, T0, { service: `s${i}` }),
  );
  const { alerts, omitted } = at(T0, ...many);
  expect([alerts.size, omitted]).toEqual([ALERTS_MAX, 7]);
});

it('a rule that is gone ends its alerts', () => {
  const { alerts } = step(new Map(), [makeSample(900, T0)], {
    rules: [makeRule({ forMs: 0 })],
    nowMs: T0,
  });
  const { ended } = step(alerts, [], { rules: [], nowMs: T0 + 1 });
  expect(ended).toMatchObject([{ reason: 'rule removed' }]);
});
