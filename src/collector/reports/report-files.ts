/**
 * Reports that were made on schedule, as files in `reports/` of the data folder: `daily-2026-11-22.json`, and beside
 * it an empty `.mailed` once it was sent. Owned by the collector's main thread. Bounded: the oldest go first.
 */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../shared/make-folder.js';
import { readSmallFile } from '../../shared/small-file.js';
import { writeWhole } from '../../shared/write-whole.js';
import type { Report } from './report-model.js';

/** A year and a little; a report has some 50 KiB. */
const FILES_MAX: Readonly<Record<Report['kind'], number>> = { daily: 400, weekly: 110 };
const NAME = /^(daily|weekly)-(\d{4}-(?:\d\d-\d\d|W\d\d))\.json$/;

export interface ReportFiles {
  /** Names of days or weeks, the newest first. */
  list(kind: Report['kind']): string[];
  /** Undefined where there is none that can be read. */
  read(kind: Report['kind'], name: string): Report | undefined;
  write(report: Report): void;
  isMailed(kind: Report['kind'], name: string): boolean;
  setMailed(kind: Report['kind'], name: string): void;
}

export function nameOfReport(report: Report): string {
  return report.kind === 'daily' ? report.date : report.week;
}

export function openReportFiles(dataFolder: string): ReportFiles {
  const folder = join(dataFolder, 'reports');
  const pathOf = (kind: Report['kind'], name: string): string =>
    join(folder, `${kind}-${name}.json`);
  const list = (kind: Report['kind']): string[] =>
    namesIn(folder)
      .flatMap((file) => {
        const match = NAME.exec(file);
        return match?.[1] === kind ? [match[2]!] : [];
      })
      .sort()
      .reverse();
  return {
    list,
    read(kind, name) {
      try {
        const report = JSON.parse(readSmallFile(pathOf(kind, name))) as Report;
        return report.kind === kind && nameOfReport(report) === name ? report : undefined;
      } catch {
        // Absent, torn by a full disk, or of another version: it is made again.
        return undefined;
      }
    },
    write(report) {
      makeFolder(folder, 0o700);
      const { kind } = report;
      const text = `${JSON.stringify(report)}\n`;
      writeWhole(pathOf(kind, nameOfReport(report)), Buffer.from(text), false);
      for (const old of list(kind).slice(FILES_MAX[kind])) {
        rmSync(pathOf(kind, old), { force: true });
        rmSync(`${pathOf(kind, old)}.mailed`, { force: true });
      }
    },
    isMailed: (kind, name) => namesIn(folder).includes(`${kind}-${name}.json.mailed`),
    setMailed(kind, name) {
      writeFileSync(`${pathOf(kind, name)}.mailed`, '', { mode: 0o600 });
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing was written yet.
    return [];
  }
}
