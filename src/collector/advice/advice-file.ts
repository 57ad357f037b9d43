/**
 * What the advisor found last, in one small file of the collector's data folder, so that it is there after a restart.
 * One writer: the collector that has the folder locked.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { AdviceReport } from '../../advisor/advice.js';
import { readSmallFile } from '../../shared/small-file.js';
import { writeWhole } from '../../shared/write-whole.js';

/** A report and when it was made, Unix ms. */
export interface DatedReport {
  readonly atMs: number;
  readonly report: AdviceReport;
}

export interface AdviceFile {
  /** Undefined where there is none, or none that can be read. */
  read(): DatedReport | undefined;
  write(dated: DatedReport): void;
}

const FILE = 'advice.json';
const VERSION = 1;
/** Of the 1 MiB that can be read back; some 200 plans and as much advice take a tenth. */
const BYTES_MAX = 900_000;

/** @param log what only the operator may see: a file that is not ours, a full disk */
export function adviceFile(folder: string, log: (line: string) => void): AdviceFile {
  const path = join(folder, FILE);
  const say = (what: string, error: unknown): void =>
    log(`tachograph collector: cannot ${what} the advice: ${(error as Error).message}`);
  return {
    read() {
      if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
      try {
        const { version, ...dated } = JSON.parse(readSmallFile(path)) as DatedReport & {
          readonly version: number;
        };
        return version === VERSION && isDated(dated) ? dated : undefined;
      } catch (error) {
        say('read', error);
        return undefined;
      }
    },
    write(dated) {
      try {
        const bytes = Buffer.from(JSON.stringify({ version: VERSION, ...dated }));
        if (bytes.length > BYTES_MAX) throw new Error(`${bytes.length} bytes are too many`);
        writeWhole(path, bytes, false);
      } catch (error) {
        say('keep', error);
      }
    },
  };
}

function isDated({ atMs, report }: DatedReport): boolean {
  return Number.isFinite(atMs) && Array.isArray(report?.advice) && Array.isArray(report?.plans);
}
