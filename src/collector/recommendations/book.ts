/**
 * What was recommended, and what became of it: at most ENTRIES_MAX entries in one file of the collector's data folder,
 * written whole. One writer: the collector that has the folder locked.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readSmallFile } from '../../shared/small-file.js';
import { writeWhole } from '../../shared/write-whole.js';
import { DAY_MS } from '../store/data-folder.js';
import { type BookEntry, missed, opened, seenAgain, withStatus } from './book-entry.js';
import type { Evidence } from './evidence/evidence.js';
import { measuredIn } from './measured.js';
import type { Ranked } from './rank.js';
import type { Recommendation } from './recommendation.js';

export interface RecommendationBook {
  /** Takes in what the rules say of a stretch of time up to now. */
  check(evidence: Evidence, ranked: readonly Ranked[], nowMs: number): void;
  /** A recommendation with the status that the book knows of. */
  judged(recommendation: Recommendation): Recommendation;
  /** Of a service, what was followed or verified lately. */
  gone(service: string): Recommendation[];
}

const FILE = 'recommendations.json';
const VERSION = 1;
const ENTRIES_MAX = 300;
/** Of the file's 1 MiB that can be read back, with some to spare. */
const BYTES_MAX = 900_000;
/** Neither seen nor verified for as long: nobody knows any more. */
const FORGOTTEN_MS = 30 * DAY_MS;

/** @param log what only the operator may see: a file that is not ours, a full disk */
export function openRecommendationBook(
  folder: string,
  log: (line: string) => void,
): RecommendationBook {
  const path = join(folder, FILE);
  let entries = readEntries(path, log);
  return {
    check(evidence, ranked, nowMs) {
      entries = checked(entries, evidence, ranked, nowMs);
      try {
        write(path, entries);
      } catch (error) {
        log(`tachograph collector: cannot keep recommendations: ${(error as Error).message}`);
      }
    },
    judged(recommendation) {
      const entry = entries.get(recommendation.id);
      return entry === undefined ? recommendation : withStatus(entry, recommendation);
    },
    gone(service) {
      return [...entries.values()]
        .filter((entry) => entry.recommendation.service === service && entry.gone !== null)
        .map((entry) => withStatus(entry, entry.recommendation));
    },
  };
}

type Entries = ReadonlyMap<string, BookEntry>;

/** Pure. */
function checked(
  entries: Entries,
  evidence: Evidence,
  ranked: readonly Ranked[],
  nowMs: number,
): Entries {
  const next = new Map(entries);
  const seen = new Set<string>();
  for (const { recommendation, measure } of ranked) {
    const { id } = recommendation;
    const now = measuredIn(evidence, measure);
    const known = entries.get(id);
    seen.add(id);
    next.set(
      id,
      known === undefined
        ? opened(recommendation, measure, now, nowMs)
        : seenAgain(known, recommendation, now, nowMs),
    );
  }
  const lengthMs = evidence.toMs - evidence.fromMs;
  for (const [id, entry] of entries) {
    if (seen.has(id) || entry.recommendation.service !== evidence.service) continue;
    next.set(id, missed(entry, measuredIn(evidence, entry.measure), lengthMs, nowMs));
  }
  return bounded(next, nowMs);
}

function bounded(entries: Entries, nowMs: number): Entries {
  const lastMs = ({ lastSeenMs, gone, verified }: BookEntry): number =>
    Math.max(lastSeenMs, gone?.sinceMs ?? 0, verified?.atMs ?? 0);
  const kept = [...entries]
    .filter(([, entry]) => nowMs - lastMs(entry) < FORGOTTEN_MS)
    .sort(([, a], [, b]) => lastMs(b) - lastMs(a))
    .slice(0, ENTRIES_MAX);
  return new Map(kept);
}

function write(path: string, entries: Entries): void {
  let list = [...entries.values()];
  let bytes = bytesOf(list);
  while (bytes.length > BYTES_MAX) {
    list = list.slice(0, Math.floor(list.length / 2));
    bytes = bytesOf(list);
  }
  writeWhole(path, bytes, true, ownerFor(path));
}

function bytesOf(entries: readonly BookEntry[]): Buffer {
  return Buffer.from(`${JSON.stringify({ version: VERSION, entries })}\n`);
}

function ownerFor(path: string) {
  return process.getuid?.() === 0 ? statSync(join(path, '..')) : undefined;
}

/** None where there is no file; one of a later version, or none of ours, is left and not read. */
function readEntries(path: string, log: (line: string) => void): Entries {
  let text: string;
  try {
    text = readSmallFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      log(`tachograph collector: cannot read ${path}: ${(error as Error).message}`);
    }
    return new Map();
  }
  try {
    const { version, entries } = JSON.parse(text) as { version: number; entries: BookEntry[] };
    if (version === VERSION) {
      return new Map(entries.map((entry) => [entry.recommendation.id, entry]));
    }
  } catch {
    // Not what was written here: begun anew below.
  }
  log(
    `tachograph collector: ${path} is no book of recommendations of this version; a new one is begun.`,
  );
  return new Map();
}
