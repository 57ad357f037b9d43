/**
 * The raw files as their one writer sees them. Runs on the collector's main thread. At most OPEN_MAX are
 * open, those written last, each with an index of ids in memory.
 */
import type { BatchIdentity } from '../../transport/batch.js';
import type { Held } from '../../transport/split-batch.js';
import { type FileKey, fileKeyAt, fileName } from './data-folder.js';
import { type CardinalityLimits, FileIndex, LimitError } from './file-index.js';
import type { DataFile } from './schema.js';
import { isTransientSqlError } from './sql-driver.js';
import { type CommitOutcome, StoreBusyError } from './store.js';
import { heldIn, type ReceivedBatch, writeBatch } from './write-batch.js';

/**
 * Time for a disk to get room, or a lock to be free. With the longest backoff of an agent on top (9 s,
 * src/transport/backoff.ts) a new batch is here within 15 s of that moment.
 */
const RETRY_SECONDS = 5;

/** Today, the days beside it, and one from which a backlog comes. */
const OPEN_MAX = 4;

interface OpenRaw {
  readonly file: DataFile;
  readonly index: FileIndex;
}

export interface RawFilesOptions {
  readonly limits: CardinalityLimits;
  /** Opens the file and makes it when there is none. */
  readonly open: (key: FileKey) => DataFile;
  /**
   * What each file that may hold some of the batch holds: the rollup, when the raw file is gone, or one of another day, when
   * the sender's clock was corrected otherwise the first time.
   */
  readonly heldElsewhere: (identity: BatchIdentity) => readonly Held[];
}

export class RawFiles {
  readonly #options: RawFilesOptions;
  readonly #open = new Map<string, OpenRaw>();

  constructor(options: RawFilesOptions) {
    this.#options = options;
  }

  #fileOf(key: FileKey): OpenRaw {
    const name = fileName(key);
    const open = this.#open.get(name);
    // Set again, so that the map's order is the order of use.
    this.#open.delete(name);
    const raw = open ?? this.#openFile(key);
    this.#open.set(name, raw);
    return raw;
  }

  #openFile(key: FileKey): OpenRaw {
    for (const [name, { file }] of this.#open) {
      if (this.#open.size < OPEN_MAX) break;
      file.sql.close();
      this.#open.delete(name);
    }
    const file = this.#options.open(key);
    return { file, index: new FileIndex(file, this.#options.limits) };
  }

  /** Whether an open file holds the batch; the commit looks at the right one in any case. */
  has(identity: BatchIdentity): boolean {
    for (const { file } of this.#open.values()) {
      if (heldIn(file.sql, identity) === 'all') return true;
    }
    return false;
  }

  /** One transaction a day. @throws {StoreBusyError} */
  commit(batches: readonly ReceivedBatch[]): CommitOutcome[] {
    const byDay = new Map<string, { key: FileKey; indexes: number[] }>();
    batches.forEach(({ batch }, i) => {
      const key = fileKeyAt('raw', batch.startMs);
      const day = byDay.get(key.period) ?? { key, indexes: [] };
      day.indexes.push(i);
      byDay.set(key.period, day);
    });
    const outcomes: CommitOutcome[] = [];
    for (const { key, indexes } of byDay.values()) {
      const own = indexes.map((i) => batches[i] as ReceivedBatch);
      this.#commitDay(key, own).forEach((outcome, i) => {
        outcomes[indexes[i] as number] = outcome;
      });
    }
    return outcomes;
  }

  #commitDay(key: FileKey, batches: readonly ReceivedBatch[]): CommitOutcome[] {
    let raw: OpenRaw | undefined;
    try {
      const opened = this.#fileOf(key);
      raw = opened;
      return opened.file.sql.transaction(() =>
        batches.map((received) => this.#writeOne(opened, received)),
      );
    } catch (error) {
      // What was interned in the lost transaction does not exist.
      raw?.index.forget();
      if (!isTransientSqlError(error)) throw error;
      const message = `cannot write ${fileName(key)}: ${(error as Error).message}`;
      throw new StoreBusyError(message, RETRY_SECONDS, { cause: error });
    }
  }

  /** In a savepoint of its own: a batch past a limit does not take its neighbours with it. */
  #writeOne({ file, index }: OpenRaw, received: ReceivedBatch): CommitOutcome {
    const { identity } = received.batch;
    const held = [heldIn(file.sql, identity), ...this.#options.heldElsewhere(identity)];
    if (held.includes('all')) return { state: 'duplicate' };
    if (held.includes('some')) return { state: 'in_parts' };
    file.sql.exec('SAVEPOINT batch');
    try {
      writeBatch(file.sql, index, received);
      file.sql.exec('RELEASE batch');
      return { state: 'stored' };
    } catch (error) {
      if (!(error instanceof LimitError)) throw error;
      file.sql.exec('ROLLBACK TO batch');
      file.sql.exec('RELEASE batch');
      index.forget();
      return { state: 'refused', reason: error.message };
    }
  }

  /** Closes one file before its deletion. */
  closeFile(key: FileKey): void {
    const name = fileName(key);
    this.#open.get(name)?.file.sql.close();
    this.#open.delete(name);
  }

  close(): void {
    for (const { file } of this.#open.values()) file.sql.close();
    this.#open.clear();
  }
}
