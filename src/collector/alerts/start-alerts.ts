/**
 * Alerts of a running collector: samples from its store, the journal in its data folder, and the notifiers of its
 * settings. Owns the journal and the timers.
 */

import { type AlertClock, startAlertClock } from '../../alerts/alert-clock.js';
import type { AlertSettings } from '../../alerts/alert-settings.js';
import { Evaluator } from '../../alerts/evaluator.js';
import type { AlertJournal } from '../../alerts/journal.js';
import { createNotifiers } from '../../alerts/notify/create-notifiers.js';
import { Outbox } from '../../alerts/outbox.js';
import { networkOf } from '../../transport/network.js';
import type { OpenSql } from '../store/sql-driver.js';
import type { ViewSource } from '../views/view-request.js';
import { type Replay, replayAlerts } from './replay-alerts.js';
import { openSqlJournal } from './sql-journal.js';
import { StoreSource } from './store-source.js';

export interface StartAlertsOptions extends ViewSource {
  readonly settings: AlertSettings;
  readonly folder: string;
  readonly openSql: OpenSql;
  /** Between looks. */
  readonly everyMs?: number | undefined;
  /** Held at once of a look or a replay. */
  readonly samplesMax?: number | undefined;
  readonly log: (line: string) => void;
}

/** What the API shows and changes. */
export interface RunningAlerts {
  readonly settings: AlertSettings;
  readonly evaluator: Pick<Evaluator, 'alerts'>;
  readonly journal: AlertJournal;
  readonly clock: Pick<AlertClock, 'look'>;
  replay(range: { readonly fromMs: number; readonly toMs: number }): Promise<Replay>;
  close(): Promise<void>;
}

/** @throws {Error} when the journal cannot be used. */
export function startAlerts(options: StartAlertsOptions): RunningAlerts {
  const { settings, folder, openSql, now, log, everyMs } = options;
  const journal = openSqlJournal(openSql, folder, now);
  const { notifiers, plans } = createNotifiers({
    settings,
    link: '',
    nowMs: now,
    write: (line) => log(`tachograph collector: ${line}`),
    network: networkOf(process.env),
  });
  const say = (line: string): void => log(`tachograph collector: ${line}`);
  const source = new StoreSource({ ...options, startedMs: now() });
  const outbox = new Outbox({ journal, notifiers, nowMs: now, random: Math.random, log: say });
  const evaluator = new Evaluator({
    settings,
    plans,
    source,
    journal,
    outbox,
    nowMs: now,
    log: say,
  });
  const clock = startAlertClock({
    evaluator,
    outbox,
    nowMs: now,
    log: say,
    ...(everyMs === undefined ? {} : { everyMs }),
  });
  return {
    settings,
    evaluator,
    journal,
    clock,
    replay: (range) => replayAlerts(source, settings.rules, range),
    async close() {
      await clock.close();
      await Promise.all(notifiers.map((notifier) => notifier.close()));
      journal.close();
    },
  };
}
