/**
 * The agent's worker thread: the file that src/agent/supervisor.ts starts. Puts the parts together
 * and answers the main thread's few messages. It never writes to stdout or stderr (but for a
 * `stdout:` destination); trouble is posted to the main thread, which decides what is said.
 */
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { namesNotifier } from '../shared/alert-options.js';
import { readBudgetSettings } from '../shared/budget-settings.js';
import { controlWords, FLUSH_DONE, READY, WORKER_HEARTBEAT } from '../shared/control-layout.js';
import { processNowMs } from '../shared/process-clock.js';
import type { FromWorker, ToWorker, WorkerStart } from '../shared/worker-protocol.js';
import type { Series } from '../transport/batch.js';
import { networkOf } from '../transport/network.js';
import { readAuthorities } from '../transport/read-authorities.js';
import { resourceAttributes } from '../transport/resource.js';
import type { OnTrouble } from '../transport/trouble.js';
import type { AlertWatch } from './alert-watch.js';
import { createBlockWatch } from './block-watch.js';
import { BudgetWatch } from './budget-watch.js';
import { DrainJournal } from './drain-journal.js';
import { StatementShapes } from './findings/statement-shapes.js';
import { watchFindings } from './findings/watch-findings.js';
import { KeptTraces } from './kept-traces.js';
import { Ledger } from './ledger.js';
import { LibraryReport } from './library-report.js';
import { mainHeart } from './main-heart.js';
import { MainInspector } from './main-inspector.js';
import { MarkedEvents } from './marked-events.js';
import { type Outlet, openOutlet } from './outlet.js';
import { Recording } from './recording.js';
import { releaseInterrupt } from './release-interrupt.js';
import { RingTable } from './ring-table.js';
import { createSelfCost } from './self-cost.js';
import { createSystemSampler } from './system/system-sampler.js';
import { createUserHash } from './user-hash.js';
import { watchStalls } from './watch-stalls.js';
import { Window } from './window.js';

const start = workerData as WorkerStart;
const { options, facts } = start;
const words = controlWords(start.control);
const port = parentPort!;

const onTrouble: OnTrouble = (code, detail) => {
  port.postMessage({ type: 'warning', code, detail } satisfies FromWorker);
};

const window = new Window(options, () =>
  onTrouble('TACHO_SERIES_LIMIT', `TACHOGRAPH_SERIES_MAX is ${options.seriesMax}.`),
);
const ledger = new Ledger(start.control);
const shapes = new StatementShapes();
const rings = new RingTable(
  (series) => window.cell(series),
  new DrainJournal(start.control),
  (statement, described) => shapes.note(statement, described),
);
for (const ring of start.rings) rings.attach(ring);
const { settings, problems } = readBudgetSettings(options);
if (start.restarts === 0) {
  for (const problem of problems) onTrouble('TACHO_OPTION_INVALID', problem);
}
const marks = new MarkedEvents();
const libraries = new LibraryReport(facts.script === undefined ? facts.cwd : dirname(facts.script));
for (const library of start.libraries) libraries.add(library);
// One for all that this thread sends: with a gate each, destinations and notifiers would look names up together.
const network = networkOf(process.env, readAuthorities(options.ca, onTrouble));
const outlet = await openOutlet(start, network, onTrouble);
// Told by a worker that crashed; what the crash itself lost comes after it.
const droppedBefore = ledger.droppedTotal + outlet.dropped();
if (start.restarts > 0) {
  ledger.inherit(outlet.recovered);
  outlet.settle(ledger.offered);
}

// The main thread's ring is the first.
const heart = mainHeart(start.rings[0]!.ring, processNowMs);
const inspector = new MainInspector(words);
const watchBlock = createBlockWatch(heart.beat, processNowMs, () => releaseInterrupt(inspector));
const stalls = watchStalls(start, heart, inspector, processNowMs, onTrouble);
const seriesOf = (threadId: number, id: number): Series | undefined => rings.series(threadId, id);
const traces = new KeptTraces(seriesOf, stalls.recent.within, createUserHash(options.userSalt));
const findings = watchFindings(start, shapes, seriesOf, (threadId, series, call) =>
  rings.want(threadId, series, call),
);

const resource = resourceAttributes(options, facts, settings);
const alerts = await openAlerts();

const recording = new Recording({
  options,
  nowMs: processNowMs,
  window,
  rings,
  ledger,
  traces,
  findings: findings.log,
  marks,
  budgets: new BudgetWatch(settings),
  libraries,
  outlet: alerts === undefined ? outlet : watched(outlet, alerts),
  sampler: createSystemSampler({
    sampler: options.sampler,
    sink: window,
    clock: processNowMs,
  }),
  selfCost: createSelfCost(window, processNowMs),
  resource,
  agent: `${hostname()}:${facts.pid}`,
  boot: facts.boot,
  stalls: stalls.log,
  onTurn: () => {
    Atomics.add(words, WORKER_HEARTBEAT, 1);
    watchBlock();
    return stalls.look();
  },
});

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'ring':
      rings.attach(message.ring);
      return;
    case 'trace':
      traces.add(message);
      return;
    case 'suspect':
      findings.look(message);
      return;
    case 'leak':
      findings.lookAtLeak(message);
      return;
    case 'event':
      marks.add(message.event);
      return;
    case 'library':
      libraries.add(message.library);
      return;
    case 'flush':
      void flush(message.timeoutMs);
      return;
  }
});

// First: the start writes a checkpoint, and an end of the process meanwhile is to wait for the rest.
Atomics.store(words, READY, 1);
recording.start();

/** Loaded only where somebody is to be told. */
async function openAlerts(): Promise<AlertWatch | undefined> {
  if (!namesNotifier(options)) return undefined;
  const { openAlertWatch } = await import('./alert-watch.js');
  return openAlertWatch({
    options,
    budgets: settings,
    resource,
    boot: facts.boot,
    dropped: droppedBefore,
    network,
    onTrouble,
  });
}

function watched(to: Outlet, watch: AlertWatch): Outlet {
  return {
    ...to,
    offer(draft) {
      to.offer(draft);
      watch.see(draft, to.dropped());
    },
  };
}

/** The last batch is in the spool when the main thread's wait ends, delivered if there was time. */
async function flush(timeoutMs: number): Promise<void> {
  inspector.close();
  recording.finish();
  await outlet.flush(timeoutMs);
  Atomics.store(words, FLUSH_DONE, 1);
  Atomics.notify(words, FLUSH_DONE);
}
