/**
 * The alerts of a collector, whole but for its store: evaluator, journal on the disk, outbox and webhook, over
 * samples that the world (../alert-world.ts) hands out, one look after the other. It is to be killed at any
 * moment. Ends by itself when the world has no more to show and nothing waits.
 *
 *   alert-keeper.ts FOLDER WORLD_URL
 */
import { readAlertSettings } from '../../../src/alerts/alert-settings.js';
import { Evaluator } from '../../../src/alerts/evaluator.js';
import { createNotifiers } from '../../../src/alerts/notify/create-notifiers.js';
import { Outbox } from '../../../src/alerts/outbox.js';
import { openSqlJournal } from '../../../src/collector/alerts/sql-journal.js';
import { loadSqlDriver } from '../../../src/collector/store/sql-driver.js';
import { resolveOptions } from '../../../src/shared/resolve-options.js';
import { makeRule, makeSample } from '../../alerts/make-rule.js';

/** What one look is given. */
export interface Shown {
  readonly nowMs: number;
  /** By service. */
  readonly values: readonly number[];
  /** There is nothing new after this. */
  readonly isLast: boolean;
}

const [folder = '', world = ''] = process.argv.slice(2);
const show = async (): Promise<Shown> =>
  (await (await fetch(`${world}/show`, { method: 'POST' })).json()) as Shown;

let shown = await show();
const nowMs = (): number => shown.nowMs;
const log = (): void => {};
const { options } = resolveOptions({
  TACHOGRAPH_ALERT_WEBHOOK_URL: `${world}/hook`,
  TACHOGRAPH_ALERT_STORM: '1000',
});
const { settings } = readAlertSettings(options);
const { notifiers, plans } = createNotifiers({ settings, link: '', nowMs, write: undefined });
const journal = openSqlJournal(await loadSqlDriver(), folder, nowMs);
const outbox = new Outbox({ journal, notifiers, nowMs, random: Math.random, log });
const evaluator = new Evaluator({
  settings: { rules: [makeRule()], maintenance: [] },
  plans,
  source: {
    look: async (timeMs, memory) => ({
      samples: shown.values.map((value, i) => makeSample(value, timeMs, { service: `s${i}` })),
      memory,
    }),
    explain: async () => [],
  },
  journal,
  outbox,
  nowMs,
  log,
});
while (!shown.isLast || journal.waitingKeys().size > 0) {
  await evaluator.evaluate();
  await outbox.deliver();
  shown = await show();
}
journal.close();
process.exit();
