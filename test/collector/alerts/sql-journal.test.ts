import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertJournal, StepChange } from '../../../src/alerts/journal.js';
import { NOTHING_SAVED } from '../../../src/alerts/journal.js';
import { openSqlJournal } from '../../../src/collector/alerts/sql-journal.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { T0 } from '../../alerts/make-rule.js';
import { makeNotification, makeTold } from '../../alerts/notify/make-notification.js';

const openSql = await loadSqlDriver();
let folder = '';
let journal: AlertJournal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  journal = openSqlJournal(openSql, folder, () => T0);
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true });
});

function commit(...notifications: StepChange['notifications']): void {
  journal.commit({ ...NOTHING_SAVED, notifications, ended: [] });
}
const first = makeNotification({ key: 'first' });
const after = makeNotification({ key: 'after', kind: 'resolved', afterKey: 'first' });
const dueKeys = (nowMs = T0 + 60_000): string[] =>
  journal.due(nowMs, 10).map(({ notification }) => notification.key);

describe('the outbox', () => {
  it('gives what is due, and keeps it until it is settled', () => {
    commit(first);
    expect(dueKeys(T0)).toEqual([]);
    expect(dueKeys()).toEqual(['first']);
    expect(dueKeys()).toEqual(['first']);
    journal.settle('first', { state: 'delivered' }, T0);
    expect(dueKeys()).toEqual([]);
  });

  it('is the same after it was closed and opened again', () => {
    commit(first);
    journal.close();
    journal = openSqlJournal(openSql, folder, () => T0);
    expect(journal.due(T0 + 60_000, 10)).toEqual([{ notification: first, attempts: 0 }]);
  });

  it('has each key once, however often it is written', () => {
    commit(first);
    journal.settle('first', { state: 'delivered' }, T0);
    commit(first);
    expect(dueKeys()).toEqual([]);
  });

  it('gives what follows another only when that was delivered', () => {
    commit(first, after);
    expect(dueKeys()).toEqual(['first']);
    journal.settle('first', { state: 'waiting', nextMs: T0 + 90_000 }, T0);
    expect(dueKeys()).toEqual([]);
    journal.settle('first', { state: 'delivered' }, T0);
    expect(dueKeys()).toEqual(['after']);
  });

  it('drops what follows one that failed, before and after', () => {
    commit(first, after);
    journal.settle('first', { state: 'failed', reason: 'status 400' }, T0);
    commit(makeNotification({ key: 'later', kind: 'resolved', afterKey: 'first' }));
    expect([dueKeys(), [...journal.waitingKeys()]]).toEqual([[], []]);
  });

  it('gives the least often tried first, so that one message holds up no other', () => {
    commit(first, makeNotification({ key: 'second' }));
    journal.settle('first', { state: 'waiting', nextMs: T0 }, T0);
    expect(dueKeys()).toEqual(['second', 'first']);
  });

  it('follows a later word where the first has failed', () => {
    const again = makeNotification({ key: 'again', kind: 'repeat' });
    commit(first, again);
    journal.settle('first', { state: 'failed', reason: 'status 404' }, T0);
    journal.settle('again', { state: 'delivered' }, T0);
    commit({ ...after, orAfterKey: 'again' });
    expect(dueKeys()).toEqual(['after']);
  });

  it('gives each notifier its own share, however much waits for another', () => {
    commit(...Array.from({ length: 30 }, (_, i) => makeNotification({ key: `slack-${i}` })));
    commit(makeNotification({ key: 'mail', notifier: 'email' }));
    expect(dueKeys()).toHaveLength(11);
    expect(dueKeys()).toContain('mail');
  });

  it('adds to a digest that waits', () => {
    const digest = { kind: 'digest', key: 'd', dueMs: T0 + 60_000 } as const;
    commit(makeNotification({ ...digest, alerts: [makeTold({ id: 'a' })] }));
    commit(makeNotification({ ...digest, alerts: [makeTold({ id: 'b' })], omitted: 2 }));
    const [row] = journal.due(T0 + 60_000, 10);
    expect(row!.notification.alerts.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(row!.notification.omitted).toBe(2);
  });

  it('is bounded: the oldest message fails', () => {
    const many = Array.from({ length: 5003 }, (_, i) => makeNotification({ key: `k${i}` }));
    commit(...many);
    expect(journal.waitingKeys().size).toBe(5000);
    expect(journal.waitingKeys().has('k2')).toBe(false);
    expect(journal.waitingKeys().has('k3')).toBe(true);
  });
});

it('of what was delivered only the newest is kept, and what follows the rest is sent', () => {
  commit(
    first,
    ...Array.from({ length: 2100 }, (_, i) => makeNotification({ key: `repeat-${i}` })),
  );
  const sql = openSql(join(folder, 'alerts.db'));
  sql.exec("UPDATE outbox SET state = 'delivered'");
  commit(after);
  expect(sql.prepare('SELECT count(*) AS count FROM outbox').get([])?.count).toBe(2001);
  sql.close();
  expect(dueKeys()).toEqual(['after']);
});

it('a step is written whole or not at all', () => {
  const circular = { ...first, key: 'bad' } as Record<string, unknown>;
  circular.alerts = circular;
  expect(() =>
    journal.commit({
      ...NOTHING_SAVED,
      memory: '{"a":1}',
      notifications: [first, circular as never],
      ended: [],
    }),
  ).toThrow();
  expect([journal.load().memory, dueKeys()]).toEqual(['{}', []]);
});

it('silences are kept until they are over or removed', () => {
  const silence = {
    id: 's',
    matchers: { service: 'a' },
    fromMs: T0,
    untilMs: T0 + 1000,
    comment: '',
  };
  journal.addSilence(silence);
  expect(journal.silences(T0)).toEqual([silence]);
  expect(journal.silences(T0 + 1000)).toEqual([]);
  expect([journal.removeSilence('s'), journal.removeSilence('s')]).toEqual([true, false]);
});

it('the file is for its owner only', () => {
  expect(statSync(join(folder, 'alerts.db')).mode & 0o777).toBe(0o600);
});

it('what is no such file is not used, and the message says what to do', () => {
  const other = mkdtempSync(join(tmpdir(), 'tacho-'));
  writeFileSync(join(other, 'alerts.db'), 'x'.repeat(5000));
  expect(() => openSqlJournal(openSql, other, () => T0)).toThrow(/alerts\.db.*move it away/);
  rmSync(other, { recursive: true });
});
