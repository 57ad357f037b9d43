/**
 * The accounts of processes, as the collector tells them: what was recorded, what arrived, what was lost
 * and why. Pure. Bounded: PROCESSES_SHOWN_MAX, the others in one sentence.
 */
import { formatSpan } from '../format-value.js';
import type { Reply } from './ask.js';
import { errorOf } from './check-ingest.js';
import { attention, type Finding, ok, trouble } from './finding.js';

/** What the doctor reads of a row of `GET /v1/ledger` (docs/reference/api.md). */
interface Account {
  readonly agent: string;
  readonly boot: string;
  readonly service: string;
  readonly recorded: number;
  readonly received: number;
  readonly pending: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly balanced: boolean;
  readonly unaccounted: number;
  readonly lastSeenMs: number;
}

const PROCESSES_SHOWN_MAX = 20;
/** Twelve windows of 10 s: a process that runs and delivers is never so long unheard of. */
const SILENT_MS = 120_000;

/** What mends a loss, by the reasons of docs/reference/wire-format.md. */
const REMEDIES: Readonly<Record<string, string>> = {
  ring_full: 'Raise TACHOGRAPH_RING_BYTES: it recorded more at a time than the ring holds.',
  worker_crash: 'Its warning TACHO_WORKER_CRASHED says why the agent’s worker ended.',
  memory_crash: 'Its warning TACHO_WORKER_CRASHED says why the agent’s worker ended.',
  invalid: 'Report it: a record came without its series.',
  thread_limit: 'It has more than 256 worker threads at a time.',
  spool_full: 'Raise TACHOGRAPH_SPOOL_MAX, or see why the collector was away for so long.',
  expired: 'Raise TACHOGRAPH_SPOOL_AGE, or see why the collector was away for so long.',
  corrupt: 'Check the disk of its spool; the files lie in the folder "damaged" there.',
  memory_full: 'Its spool could not be used: see what is said of the spool on its machine.',
  refused: 'The batches lie in the folder "refused" of its spool.',
};

export function ledgerFindings(reply: Reply, service: string | undefined): Finding[] {
  const { status, text, dateMs, answeredMs } = reply;
  if (status === 401 || status === 403) {
    const { code } = errorOf(text);
    const todo = 'Set TACHOGRAPH_COLLECTOR_READ_TOKEN to a token of the role read.';
    return [attention('ledger', `the ledger may not be read (${status})`, todo, { status, code })];
  }
  const accounts = status === 200 ? parse(text) : undefined;
  if (accounts === undefined) {
    const todo = 'Look at the collector’s log, and at its version.';
    return [attention('ledger', `the ledger cannot be read (${status})`, todo, { status })];
  }
  if (accounts.length === 0) {
    const whose = service === undefined ? 'no service' : `no service of the name ${service}`;
    const todo = 'Start it with the agent: node --import tachograph app.js';
    return [attention('ledger', `${whose} has sent anything yet`, todo, { processes: 0 })];
  }
  // Last seen is told by the collector's clock.
  const nowMs = dateMs ?? answeredMs;
  const all = accounts.map((account) => processFinding(account, nowMs));
  const bad = all.filter(({ level }) => level !== 'ok');
  const shown = [...bad, ...all.filter(({ level }) => level === 'ok')];
  const left = shown.splice(PROCESSES_SHOWN_MAX);
  if (left.length === 0) return shown;
  const leftBad = left.filter(({ level }) => level !== 'ok').length;
  const rest = `${left.length} further processes, ${left.length - leftBad} of them in order`;
  const facts = { processes: left.length };
  return leftBad === 0
    ? [...shown, ok('ledger', rest, facts)]
    : [...shown, attention('ledger', rest, 'Ask for one service: --service NAME', facts)];
}

function processFinding(account: Account, nowMs: number): Finding {
  const { recorded, received, pending, dropped, unaccounted, balanced } = account;
  const losses = Object.entries(dropped).filter(([, count]) => count > 0);
  const lost = losses.reduce((sum, [, count]) => sum + count, 0);
  const silentMs = Math.max(0, nowMs - account.lastSeenMs);
  const reasons = losses.map(([reason, count]) => `${reason} ${count}`).join(', ');
  const found =
    `${account.agent} of ${account.service}: recorded ${recorded} = received ${received} + ` +
    `dropped ${lost}${reasons === '' ? '' : ` (${reasons})`} + pending ${pending}` +
    `${unaccounted === 0 ? '' : ` + unaccounted for ${unaccounted}`}; ` +
    `heard of ${formatSpan(silentMs)} ago`;
  const facts = { ...account };
  if (unaccounted > 0) {
    const todo =
      'They were taken and are not there: was data of the collector removed or replaced?';
    return trouble('process', found, todo, facts);
  }
  if (unaccounted < 0) {
    const todo = 'Nothing is lost: what the process gave up had arrived.';
    return attention('process', found, todo, facts);
  }
  if (!balanced)
    return attention('process', found, 'Report it: its account does not add up.', facts);
  if (lost > 0) return attention('process', found, remediesOf(losses), facts);
  if (pending > 0 && silentMs > SILENT_MS) {
    const todo =
      'If it runs, see its destinations and its spool; if it has ended, the next process sends the rest.';
    return attention('process', found, todo, facts);
  }
  return ok('process', found, facts);
}

function remediesOf(losses: readonly (readonly [reason: string, count: number])[]): string {
  const known = losses.map(([reason]) => (Object.hasOwn(REMEDIES, reason) ? REMEDIES[reason] : ''));
  return [...new Set(known)].filter((remedy) => remedy !== '').join(' ') || 'See its warnings.';
}

/** Undefined when it is not what a collector of this version answers. */
function parse(text: string): Account[] | undefined {
  try {
    const { processes } = JSON.parse(text) as { processes: unknown };
    return Array.isArray(processes) && processes.every(isAccount) ? processes : undefined;
  } catch {
    return undefined;
  }
}

function isAccount(value: unknown): value is Account {
  const row = (value ?? {}) as Record<string, unknown>;
  const { dropped } = row;
  return (
    ['agent', 'boot', 'service'].every((name) => typeof row[name] === 'string') &&
    ['recorded', 'received', 'pending', 'unaccounted', 'lastSeenMs'].every((name) =>
      Number.isFinite(row[name]),
    ) &&
    typeof row.balanced === 'boolean' &&
    typeof dropped === 'object' &&
    dropped !== null &&
    Object.values(dropped).every(Number.isFinite)
  );
}
