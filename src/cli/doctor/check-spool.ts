/**
 * The spools of all destinations: folder, disk, what waits in them, and what lies there for destinations
 * that are named no more. Looks at the disk synchronously, as the agent does; claims nothing.
 */
import { join } from 'node:path';
import { formatItems } from '../../shared/format-items.js';
import type { Options } from '../../shared/options.js';
import { spoolRoot } from '../../shared/spool-root.js';
import type { Destination } from '../../transport/destination.js';
import { listNames } from '../../transport/spool-folder.js';

import { spoolDiskFindings } from './check-spool-disk.js';
import { existingFolder, isThere, spoolFolderFinding } from './check-spool-folder.js';
import { waitingFindings } from './check-spool-waiting.js';
import { attention, type Finding, ok, type Section, trouble } from './finding.js';
import { spoolContents } from './spool-contents.js';

/** As `destination.ts` names them. */
const SPOOL_NAME = /^(?:(?:native|msgpack|file)-[0-9a-f]{16}|stdout)$/;

export function checkSpool(
  { spoolDir, spoolBytesMax, spoolAgeMaxMs }: Options,
  destinations: readonly Destination[],
  nowMs: number,
): Section[] {
  const root = spoolRoot(spoolDir);
  const title = `Spool ${root}`;
  if (spoolBytesMax === 0) {
    const found = 'TACHOGRAPH_SPOOL_MAX is 0: nothing is kept on the disk';
    return [{ title, findings: [ok('spool-folder', found, { bytesMax: 0 })] }];
  }
  const findings = [spoolFolderFinding(root, true)];
  const spools: Section[] = [];
  let bytesMost = 0;
  for (const { key, label } of destinations) {
    const folder = join(root, key);
    if (!isThere(folder)) continue;
    const look = (): Finding[] => {
      const contents = spoolContents(folder, nowMs);
      bytesMost = Math.max(bytesMost, contents.bytes);
      return waitingFindings(contents, { bytesMax: spoolBytesMax, ageMaxMs: spoolAgeMaxMs }, nowMs);
    };
    const about = [spoolFolderFinding(folder, false), ...asAllowed(look)];
    spools.push({ title: `Spool of ${label}`, findings: about });
  }
  findings.push(
    ...asAllowed(() => spoolDiskFindings(existingFolder(root), bytesMost, spoolBytesMax)),
  );
  findings.push(...asAllowed(() => leftOver(root, destinations, nowMs)));
  return [{ title, findings }, ...spools];
}

/** What the system refuses is a finding, and not the end of the others. */
function asAllowed(look: () => Finding[]): Finding[] {
  try {
    return look();
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const todo = 'Run the doctor as the service’s account, or mend the folder.';
    return [trouble('spool-folder', `it cannot be looked into: ${message}`, todo, { code })];
  }
}

/** Nobody sends them unless a process with the former TACHOGRAPH_URL is started. */
function leftOver(root: string, destinations: readonly Destination[], nowMs: number): Finding[] {
  if (!isThere(root)) return [];
  const keys = new Set(destinations.map(({ key }) => key));
  const folders = listNames(root).filter((name) => SPOOL_NAME.test(name) && !keys.has(name));
  let batches = 0;
  const holding = folders.filter((name) => {
    const { dead } = spoolContents(join(root, name), nowMs);
    const waiting = dead.batches + dead.withOpenWindow.size;
    batches += waiting;
    return waiting > 0;
  });
  if (holding.length === 0) return [];
  const found =
    `waiting: ${formatItems(batches, 'batch', 'batches')} for destinations that TACHOGRAPH_URL ` +
    `does not name, in ${holding.join(', ')}`;
  const todo =
    'Start a process with the former TACHOGRAPH_URL, which sends them, or remove those folders.';
  return [attention('spool-left-over', found, todo, { batches, folders: holding })];
}
