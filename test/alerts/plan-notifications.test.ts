import { describe, expect, it } from 'vitest';
import type { EndedAlert } from '../../src/alerts/alert.js';
import { type Alerts, step } from '../../src/alerts/engine.js';
import {
  type NotifierPlan,
  type Paces,
  type Plan,
  planNotifications,
} from '../../src/alerts/plan-notifications.js';
import type { Rule } from '../../src/alerts/rule.js';
import type { Sample } from '../../src/alerts/sample.js';
import { parseMaintenance, type Silence } from '../../src/alerts/silence.js';
import { makeRule, makeSample, T0 } from './make-rule.js';

const now = { forMs: 0, clearForMs: 0 };
const RULES: readonly Rule[] = [
  makeRule({ ...now, level: 'CRITICAL', threshold: 200 }),
  makeRule({ ...now, level: 'WARNING', threshold: 100 }),
  makeRule({ ...now, level: 'INFO', threshold: 50 }),
];
const SLACK: NotifierPlan = { name: 'slack', level: 'INFO', repeatMs: 3_600_000, stormMax: 10 };
const EMAIL: NotifierPlan = { ...SLACK, name: 'email', level: 'CRITICAL' };

interface Given {
  readonly notifiers?: readonly NotifierPlan[];
  silences?: readonly Silence[];
  maintenance?: readonly string[];
  waiting?: ReadonlySet<string>;
}

function planner(given: Given = {}) {
  let alerts: Alerts = new Map();
  let paces: Paces = {};
  return (seconds: number, ...samples: Sample[]): Plan['notifications'] => {
    const nowMs = T0 + seconds * 1000;
    const result = step(alerts, samples, { rules: RULES, nowMs });
    const plan = planNotifications({
      alerts: result.alerts,
      ended: result.ended as EndedAlert[],
      notifiers: given.notifiers ?? [SLACK],
      silences: given.silences ?? [],
      maintenance: (given.maintenance ?? []).map((text) => parseMaintenance(text)!),
      paces,
      waiting: given.waiting ?? new Set(),
      nowMs,
    });
    alerts = plan.alerts;
    paces = plan.paces;
    return plan.notifications;
  };
}

const at = (seconds: number, value: number, parts: Partial<Sample> = {}): Sample =>
  makeSample(value, T0 + seconds * 1000, parts);
const short = (notifications: Plan['notifications']): string[] =>
  notifications.map(
    ({ notifier, kind, alerts }) =>
      `${notifier} ${kind} ${alerts.map(({ level, service }) => `${level} ${service}`).join(', ')}`,
  );

describe('inhibition', () => {
  it('tells only the most severe level of a group', () => {
    expect(short(planner()(0, at(0, 250)))).toEqual(['slack firing CRITICAL shop']);
  });

  it('tells a lower level when the higher one is over and the lower one is not', () => {
    const plan = planner();
    plan(0, at(0, 250));
    expect(short(plan(10, at(10, 150)))).toEqual([
      'slack firing WARNING shop',
      'slack resolved CRITICAL shop',
    ]);
  });

  it('does not reach beyond the group', () => {
    const plan = planner();
    const told = plan(0, at(0, 250), at(0, 150, { service: 'cart' }));
    expect(short(told)).toEqual(['slack firing CRITICAL shop', 'slack firing WARNING cart']);
  });
});

describe('levels', () => {
  it('are told to who wants them', () => {
    const plan = planner({ notifiers: [SLACK, EMAIL] });
    expect(short(plan(0, at(0, 150)))).toEqual(['slack firing WARNING shop']);
    expect(short(plan(10, at(10, 250)))).toEqual([
      'slack firing CRITICAL shop',
      'email firing CRITICAL shop',
    ]);
  });
});

describe('grouping', () => {
  it('makes one message of the alerts of a rule and service', () => {
    const routes = ['/a', '/b', '/c'].map((route) =>
      at(0, 250, { attributes: { 'http.route': route } }),
    );
    expect(short(planner()(0, ...routes))).toEqual([
      'slack firing CRITICAL shop, CRITICAL shop, CRITICAL shop',
    ]);
  });

  it('counts what is too much to list', () => {
    const routes = Array.from({ length: 30 }, (_, i) =>
      at(0, 250, { attributes: { 'http.route': `/${i}` } }),
    );
    const [told] = planner()(0, ...routes);
    expect([told!.alerts.length, told!.omitted]).toEqual([20, 10]);
  });
});

describe('repetition', () => {
  it('comes after its interval, and not before', () => {
    const plan = planner();
    plan(0, at(0, 250));
    expect(plan(3590, at(3590, 250))).toEqual([]);
    expect(short(plan(3600, at(3600, 250)))).toEqual(['slack repeat CRITICAL shop']);
    expect(plan(3610, at(3610, 250))).toEqual([]);
  });

  it('does not come while the last message still waits', () => {
    const given: Given = {};
    const plan = planner(given);
    given.waiting = new Set(plan(0, at(0, 250)).map(({ key }) => key));
    expect(plan(3600, at(3600, 250))).toEqual([]);
    given.waiting = new Set();
    expect(short(plan(3610, at(3610, 250)))).toEqual(['slack repeat CRITICAL shop']);
  });
});

describe('the end of an alert', () => {
  it('is told after the message that it fired, and to who had that', () => {
    const plan = planner({ notifiers: [SLACK, EMAIL] });
    const [fired] = plan(0, at(0, 150));
    const ended = plan(10, at(10, 10));
    expect(short(ended)).toEqual(['slack resolved WARNING shop']);
    expect(ended[0]!.afterKey).toBe(fired!.key);
  });

  it('is not told when nobody was told that it fired', () => {
    const silences: Silence[] = [
      { id: '1', matchers: {}, fromMs: T0, untilMs: T0 + 60_000, comment: '' },
    ];
    const plan = planner({ silences });
    expect(plan(0, at(0, 250))).toEqual([]);
    expect(plan(10, at(10, 10))).toEqual([]);
  });
});

describe('a silence', () => {
  const silence = (matchers: Silence['matchers']): Silence[] => [
    { id: '1', matchers, fromMs: T0, untilMs: T0 + 60_000, comment: '' },
  ];

  it('holds back what it matches until it is over', () => {
    const plan = planner({ silences: silence({ service: 'sh*', level: 'CRITICAL' }) });
    expect(short(plan(0, at(0, 250), at(0, 250, { service: 'cart' })))).toEqual([
      'slack firing CRITICAL cart',
    ]);
    expect(plan(59, at(59, 250))).toEqual([]);
    expect(short(plan(60, at(60, 250)))).toEqual(['slack firing CRITICAL shop']);
  });

  it.each([
    [{ service: 'shop' }, true],
    [{ service: 'shops' }, false],
    [{ service: '*' }, true],
    [{ service: '*o*' }, true],
    [{ service: 'shop*shop' }, false],
    [{ service: '*hop*' }, true],
    [{ 'http.route': '/a' }, false],
    [{ rule: 'response_time.*' }, true],
    [{ service: 'shop', metric: 'cpu' }, false],
    [{ toString: '*x' }, false],
  ] as [Record<string, string>, boolean][])('of %j matches: %s', (matchers, isSilent) => {
    expect(planner({ silences: silence(matchers) })(0, at(0, 250)).length === 0).toBe(isSilent);
  });
});

describe('a maintenance window', () => {
  // T0 is a Monday, 12:00 UTC.
  it.each([
    ['mon 12:00-13:00', true],
    ['mon 11:00-12:00', false],
    ['tue 12:00-13:00', false],
    ['daily 11:30-12:30', true],
    ['daily 23:00-12:30', true],
    ['sun 23:00-12:30', true],
    ['mon 23:00-12:30', false],
  ])('of %s holds back at noon on a Monday: %s', (text, isSilent) => {
    expect(planner({ maintenance: [text] })(0, at(0, 250)).length === 0).toBe(isSilent);
  });
});

describe('a storm', () => {
  const services = (count: number, value = 250): Sample[] =>
    Array.from({ length: count }, (_, i) => at(0, value, { service: `s${i}` }));

  it('becomes a digest that is due a minute later', () => {
    const told = planner()(0, ...services(25));
    expect(told.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 10 }, () => 'firing'),
      ...Array.from({ length: 15 }, () => 'digest'),
    ]);
    expect(new Set(told.map(({ key }) => key)).size).toBe(11);
    expect(told.at(-1)!.dueMs).toBe(T0 + 60_000);
  });

  it('is over when the minute is', () => {
    const plan = planner();
    plan(0, ...services(25));
    const [later] = plan(61, at(61, 250, { service: 'late' }));
    expect(later!.kind).toBe('firing');
  });
});

it('keys are the same whenever the same is told, and others when it is not', () => {
  const [first] = planner()(0, at(0, 250));
  const [again] = planner()(0, at(0, 250));
  const [other] = planner()(0, at(0, 250, { service: 'cart' }));
  expect(again!.key).toBe(first!.key);
  expect(other!.key).not.toBe(first!.key);
});

it('whoever is to hear of each alert has long lists in parts, and again', () => {
  const whole: NotifierPlan = { ...SLACK, repeatMs: 60_000, stormMax: 1000, isWhole: true };
  const plan = planner({ notifiers: [whole] });
  const samples = (seconds: number): Sample[] =>
    Array.from({ length: 45 }, (_, i) => at(seconds, 300, { attributes: { route: `/${i}` } }));
  const told = (notifications: Plan['notifications']) =>
    new Set(
      notifications.flatMap(({ alerts }) => alerts.map(({ attributes }) => attributes.route)),
    );
  const first = plan(0, ...samples(0));
  expect(first).toHaveLength(3);
  expect(told(first).size).toBe(45);
  expect(told(plan(61, ...samples(61))).size).toBe(45);
});
