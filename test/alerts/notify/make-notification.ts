/** A message for tests, with everything that is not of interest filled in. */
import type { Notification, ToldAlert } from '../../../src/alerts/notification.js';
import { T0 } from '../make-rule.js';

export function makeTold(parts: Partial<ToldAlert> = {}): ToldAlert {
  return {
    id: 'a1',
    rule: 'response_time.critical',
    metric: 'response_time',
    level: 'CRITICAL',
    unit: 'ms',
    service: 'shop',
    attributes: {},
    value: 2345,
    threshold: 2000,
    worst: 3000,
    count: 512,
    note: '',
    windowMs: 60_000,
    sinceMs: T0,
    endedMs: null,
    endReason: null,
    context: ['POST /orders: 400 requests, p95 2.9 s'],
    ...parts,
  };
}

export function makeNotification(parts: Partial<Notification> = {}): Notification {
  return {
    key: 'k'.repeat(32),
    notifier: 'slack',
    kind: 'firing',
    atMs: T0 + 60_000,
    dueMs: T0 + 60_000,
    afterKey: null,
    alerts: [makeTold()],
    omitted: 0,
    ...parts,
  };
}
