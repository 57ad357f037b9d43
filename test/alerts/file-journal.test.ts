import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Alert } from '../../src/alerts/alert.js';
import { FileJournal } from '../../src/alerts/file-journal.js';
import { NOTHING_SAVED } from '../../src/alerts/journal.js';
import type { Notification } from '../../src/alerts/notification.js';
import { T0 } from './make-rule.js';
import { makeNotification, makeTold } from './notify/make-notification.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const open = (): FileJournal => new FileJournal(() => join(folder, 'alerts.json'));
const commit = (journal: FileJournal, ...notifications: Notification[]): void =>
  journal.commit({ ...NOTHING_SAVED, memory: '{"a":1}', notifications, ended: [] });
const due = (journal: FileJournal): string[] =>
  journal.due(T0 + 60_000, 10).map(({ notification }) => notification.key);

const first = makeNotification({ key: 'first' });
const after = makeNotification({ key: 'after', kind: 'resolved', afterKey: 'first' });

it('has what was written when it is opened again', () => {
  commit(open(), first);
  const again = open();
  expect(again.load().memory).toBe('{"a":1}');
  expect(again.due(T0 + 60_000, 10)).toEqual([{ notification: first, attempts: 0 }]);
  again.settle('first', { state: 'waiting', nextMs: T0 + 70_000 });
  expect(due(open())).toEqual([]);
  expect(open().nextDueMs()).toEqual(new Map([['slack', T0 + 70_000]]));
  again.settle('first', { state: 'delivered' });
  expect(open().waitingKeys().size).toBe(0);
});

it('gives what follows another when that was delivered, and never when it failed', () => {
  const journal = open();
  commit(journal, first, after);
  expect(due(journal)).toEqual(['first']);
  journal.settle('first', { state: 'delivered' });
  expect(due(journal)).toEqual(['after']);
  const other = open();
  commit(other, makeNotification({ key: 'x' }), { ...after, key: 'y', afterKey: 'x' });
  other.settle('x', { state: 'failed', reason: 'status 400' });
  expect(due(other)).toEqual(['after']);
  commit(other, { ...after, key: 'z', afterKey: 'x' });
  expect(due(open())).toEqual(['after']);
});

it('adds to a digest that waits', () => {
  const journal = open();
  const digest = { kind: 'digest', key: 'd' } as const;
  commit(journal, makeNotification({ ...digest, alerts: [makeTold({ id: 'a' })] }));
  commit(journal, makeNotification({ ...digest, alerts: [makeTold({ id: 'b' })] }));
  expect(open().due(T0 + 60_000, 1)[0]!.notification.alerts).toHaveLength(2);
});

it('is bounded', () => {
  const journal = open();
  commit(journal, ...Array.from({ length: 203 }, (_, i) => makeNotification({ key: `k${i}` })));
  expect(journal.waitingKeys().size).toBe(200);
  expect(journal.waitingKeys().has('k2')).toBe(false);
});

it('leaves out what explains the alerts when all of it could not be read back', () => {
  const context = ['é'.repeat(4000)];
  const many = Array.from({ length: 150 }, (_, i) =>
    makeNotification({ key: `k${i}`, alerts: [makeTold({ context })] }),
  );
  const journal = open();
  commit(journal, ...many);
  expect(journal.due(T0 + 60_000, 1)[0]!.notification.alerts[0]!.context).toEqual(context);
  const again = open();
  expect([again.load().memory, again.waitingKeys().size]).toEqual(['{"a":1}', 150]);
  expect(again.due(T0 + 60_000, 1)[0]!.notification.alerts[0]!.context).toEqual([]);
});

it('gives up the oldest messages, with what follows them, when these alone are too many', () => {
  const alerts = Array.from({ length: 20 }, () => makeTold({ note: 'n'.repeat(500) }));
  const many = Array.from({ length: 100 }, (_, i) => makeNotification({ key: `k${i}`, alerts }));
  const journal = open();
  commit(journal, ...many, { ...after, afterKey: 'k0' });
  expect(open().load().memory).toBe('{"a":1}');
  expect(open().waitingKeys()).toEqual(journal.waitingKeys());
  expect(journal.waitingKeys().has('k99')).toBe(true);
  expect(journal.waitingKeys().has('k0') || journal.waitingKeys().has('after')).toBe(false);
});

it('is for its owner only', () => {
  commit(open(), first);
  expect(statSync(join(folder, 'alerts.json')).mode & 0o777).toBe(0o600);
});

it.each(['', '{', '[]', '{"version":2}', '{"version":1}', '{"version":1,"state":{"alerts":7}}'])(
  'begins anew where there is %j',
  (text) => {
    writeFileSync(join(folder, 'alerts.json'), text);
    const journal = open();
    expect([journal.load().alerts.size, journal.waitingKeys().size]).toEqual([0, 0]);
  },
);

it('goes on in memory where nothing can be written', () => {
  const journal = new FileJournal(() => join(folder, 'not', 'there', 'alerts.json'));
  commit(journal, first);
  expect(due(journal)).toEqual(['first']);
});

it('goes on with what another left: messages, and alerts that it does not know', () => {
  const alertOf = (id: string) => ({ id }) as Alert;
  const write = (name: string, ids: Record<string, string>, ...of: Notification[]): FileJournal => {
    const journal = new FileJournal(() => join(folder, name));
    const alerts = new Map(Object.entries(ids).map(([key, id]) => [key, alertOf(id)]));
    journal.commit({ ...NOTHING_SAVED, alerts, notifications: of, ended: [] });
    return journal;
  };
  write('left.json', { a: 'theirs', b: 'theirs' }, first, makeNotification({ key: 'both' }));
  const journal = write('alerts.json', { a: 'ours' }, makeNotification({ key: 'both' }));
  expect(journal.join(join(folder, 'left.json'))).toEqual(new Map([['b', alertOf('theirs')]]));
  expect(journal.join(join(folder, 'none.json'))).toEqual(new Map());
  expect(open().waitingKeys()).toEqual(new Set(['both', 'first']));
  expect([...open().load().alerts]).toEqual([
    ['a', alertOf('ours')],
    ['b', alertOf('theirs')],
  ]);
});
