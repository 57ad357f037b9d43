/**
 * Alerts of an agent that reports to no bundled collector: its own windows, judged as they end, and told by the
 * notifiers of its own environment. Runs in the agent's worker, and only where a notifier is configured. Owns
 * its notifiers' connections, two timers, and a small file beside the spool. It never writes to standard
 * output or error, and holds up no end of the process: what was not told then is told by the next.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { startAlertClock } from '../alerts/alert-clock.js';
import { hasNotifier, readAlertSettings } from '../alerts/alert-settings.js';
import { Evaluator } from '../alerts/evaluator.js';
import { FileJournal } from '../alerts/file-journal.js';
import { createNotifiers } from '../alerts/notify/create-notifiers.js';
import { Outbox } from '../alerts/outbox.js';
import type { Sample } from '../alerts/sample.js';
import type { BudgetSettings } from '../shared/budget-settings.js';
import type { Options } from '../shared/options.js';
import { spoolRoot } from '../shared/spool-root.js';
import type { Attributes } from '../transport/batch.js';
import type { BatchDraft } from '../transport/batch-draft.js';
import { parseDestinations } from '../transport/destination.js';
import type { Network } from '../transport/network.js';
import { openFolder, openRoot, removeIfPossible } from '../transport/spool-folder.js';
import { ownerName } from '../transport/spool-name.js';
import type { OnTrouble } from '../transport/trouble.js';
import { AlertFolder } from './alert-folder.js';
import { HISTORY_METRICS, WindowHistory } from './window-history.js';
import { windowSamples } from './window-samples.js';

/** Samples that wait for a look; of more, the newest. */
const SAMPLES_MAX = 5000;

export interface AlertWatch {
  /**
   * Judges a window that has ended. Its payloads are read before it returns.
   * @param undelivered records that destinations will not get, so far
   */
  see(draft: BatchDraft, undelivered: number): void;
}

export interface AlertWatchParts {
  readonly options: Options;
  readonly budgets: BudgetSettings;
  readonly resource: Attributes;
  /** Tells processes of one pid apart. */
  readonly boot: string;
  /** Records that were lost so far, on the way to destinations too. */
  readonly dropped: number;
  /** Of the worker. */
  readonly network: Network;
  readonly onTrouble: OnTrouble;
}

/** Undefined where somebody else evaluates, or nobody would be told. */
export function openAlertWatch(parts: AlertWatchParts): AlertWatch | undefined {
  const { options, budgets, resource, boot, dropped, network, onTrouble } = parts;
  if (options.alerts === 'off') return undefined;
  const { destinations } = parseDestinations(options.url);
  const hasCollector = destinations.some(({ kind }) => kind === 'native');
  if (options.alerts === 'auto' && hasCollector) return undefined;
  const { settings, problems } = readAlertSettings(options);
  if (!hasNotifier(settings)) return undefined;
  for (const problem of problems) onTrouble('TACHO_OPTION_INVALID', problem);
  const about = Object.fromEntries(resource) as Record<string, string | undefined>;
  const service = about['service.name'] ?? '';
  const nowMs = Date.now;
  const folder = openAlertFolder(options, service, boot, nowMs());
  // Where it cannot be written, alerts go on in memory.
  const journal = new FileJournal(() => folder?.path);
  const { notifiers, plans } = createNotifiers({
    settings,
    link: '',
    nowMs,
    write: undefined,
    network,
  });
  const log = (line: string): void => onTrouble('TACHO_ALERT_UNTOLD', line);
  const outbox = new Outbox({ journal, notifiers, nowMs, random: Math.random, log });
  let waiting: Sample[] = [];
  const source = {
    left: (timeMs: number) => {
      const path = tended(folder, timeMs);
      if (path === undefined) return new Map();
      const left = journal.join(path);
      removeIfPossible(path);
      return left;
    },
    look: async (_nowMs: number, memory: string) => {
      const samples = waiting;
      waiting = [];
      return { samples, memory };
    },
    explain: async () => [],
  };
  // A sample is of one window here, but for what looks at hours.
  const rules = settings.rules.map((rule) =>
    HISTORY_METRICS.has(rule.metric) ? rule : { ...rule, windowMs: options.windowMs },
  );
  const judged = { rules, maintenance: settings.maintenance };
  const evaluator = new Evaluator({ settings: judged, plans, source, journal, outbox, nowMs, log });
  const clock = startAlertClock({ evaluator, outbox, nowMs, log });
  const view = {
    rules: settings.rules,
    settings: budgets,
    service,
    host: about['host.name'] ?? '',
  };
  const { errorBudget } = settings;
  const history = new WindowHistory({ ...view, errorBudget, dropped });
  return {
    see(draft, undelivered) {
      const endMs = draft.startMs + draft.durationMs;
      const lost = { ...draft.ledger.dropped, undelivered };
      const lasting = history.samples({ ...draft, ledger: { dropped: lost } }, endMs);
      const samples = [...windowSamples(draft, view, endMs), ...lasting];
      // What is of the host is told by one of its processes.
      const own = samples.filter(({ service: of }) => of !== '' || (folder?.isFirst ?? true));
      waiting = [...waiting, ...own].slice(-SAMPLES_MAX);
      void clock.look();
    },
  };
}

/**
 * One a service: its processes know of each other there. Undefined where it cannot be used, or others could change what
 * lies in it: they would read what is told, and have us tell what they wrote.
 */
function openAlertFolder(
  { spoolDir }: Options,
  service: string,
  boot: string,
  nowMs: number,
): AlertFolder | undefined {
  const root = spoolRoot(spoolDir);
  const name = createHash('sha256').update(service).digest('hex').slice(0, 16);
  const folder = join(root, `alerts-${name}`);
  try {
    openRoot(root);
    openFolder(folder);
    return new AlertFolder(folder, ownerName(process.pid, boot), nowMs);
  } catch {
    return undefined;
  }
}

function tended(folder: AlertFolder | undefined, nowMs: number): string | undefined {
  try {
    return folder?.tend(nowMs);
  } catch {
    // A disk that is full, or a folder that somebody removed: the next look tries again.
    return undefined;
  }
}
