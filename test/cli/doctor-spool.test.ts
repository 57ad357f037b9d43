/** What `tachograph doctor` says of spools, which real ones made, and that it leaves them as they are. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSpool } from '../../src/cli/doctor/check-spool.js';
import { roomFinding } from '../../src/cli/doctor/check-spool-disk.js';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { OPTIONS, type Options } from '../../src/shared/options.js';
import { parseDestinations } from '../../src/transport/destination.js';
import { Spool } from '../../src/transport/spool.js';
import { BOOT, sampleParcel } from '../transport/sample-batch.js';

const MIB = 1024 * 1024;
const DEFAULTS = Object.fromEntries(OPTIONS.map((row) => [row.key, row.default]));
const { destinations } = parseDestinations(['http://127.0.0.1:4600']);
const { key } = destinations[0]!;

let root: string;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'tacho-doctor-')), 'spool');
});
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }));

function look(options: Partial<Options> = {}, nowMs = Date.now()): Finding[] {
  const all = { ...DEFAULTS, spoolDir: root, ...options } as unknown as Options;
  return checkSpool(all, destinations, nowMs).flatMap(({ findings }) => findings);
}

function only(check: string, findings: readonly Finding[]): Finding {
  const found = findings.filter((finding) => finding.check === check);
  expect(found).toHaveLength(1);
  return found[0]!;
}

function openSpool(of = key): Spool {
  const spool = new Spool({
    root,
    key: of,
    bytesMax: 64 * MIB,
    ageMaxMs: 7 * 86_400_000,
    boot: BOOT,
    nowMs: Date.now,
  });
  spool.open(true);
  return spool;
}

/** Two batches of five records each, closed now. */
function fill(spool: Spool): void {
  for (const sequence of [1, 2]) {
    spool.append({ ...sampleParcel(sequence, 5), closedMs: Date.now() });
  }
}

/** Every file with its size and time. */
function tree(): string[] {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return names.map((name) => {
    const { size, mtimeMs, mode, ino } = statSync(join(root, name));
    const isFolder = statSync(join(root, name)).isDirectory();
    return `${name} ${mode} ${ino} ${isFolder ? '' : `${size} ${mtimeMs}`}`;
  });
}

describe('the spool', () => {
  it('that is not there yet is no trouble where it can be made', () => {
    expect(only('spool-folder', look())).toMatchObject({ level: 'ok' });
    expect(look().every(({ level }) => level !== 'trouble')).toBe(true);
  });

  it('that cannot be made is trouble', () => {
    writeFileSync(root, '');
    const spoolDir = join(root, 'below');
    expect(only('spool-folder', look({ spoolDir }))).toMatchObject({
      level: 'trouble',
      found: expect.stringContaining('it cannot be made: ENOTDIR'),
      todo: expect.stringContaining('TACHOGRAPH_SPOOL_DIR'),
    });
  });

  it('of nothing on the disk is not looked for', () => {
    expect(look({ spoolBytesMax: 0 })).toMatchObject([{ level: 'ok', check: 'spool-folder' }]);
  });

  it('of a process that runs is in order while its batches are young', () => {
    fill(openSpool());
    expect(only('spool-waiting', look())).toMatchObject({
      level: 'ok',
      found: expect.stringMatching(
        /^waiting: 2 batches \(.*, 10 records\) of 1 process that runs, the oldest/,
      ),
      facts: { batches: 2, records: 10, processes: 1 },
    });
    const later = only('spool-waiting', look({}, Date.now() + 600_000));
    expect(later).toMatchObject({ level: 'attention' });
    expect(later.found).toContain('the oldest since 10 min');
  });

  it('of a process that has ended asks for the next one', () => {
    const spool = openSpool();
    fill(spool);
    spool.checkpoint({ ...sampleParcel(3, 5), closedMs: Date.now() });
    const marker = readdirSync(join(root, key)).find((name) => name.endsWith('.owner'))!;
    rmSync(join(root, key, marker));
    const waiting = only('spool-waiting', look());
    expect(waiting).toMatchObject({ level: 'attention', facts: { batches: 2, openWindows: 1 } });
    expect(waiting.found).toMatch(
      /^waiting: 2 batches .* and 1 open window of 1 process that has ended/,
    );
    expect(waiting.todo).toContain('start the service again. What is 7d old is dropped.');
  });

  it('is left as it was, and no process finds anything new in it', () => {
    const spool = openSpool();
    fill(spool);
    const before = tree();
    look();
    expect(tree()).toEqual(before);
    spool.scan();
    expect(spool.mine()).toHaveLength(2);
  });

  it('with a file that is torn names it', () => {
    fill(openSpool());
    const [name = ''] = readdirSync(join(root, key)).filter((file) => file.endsWith('.tgb'));
    truncateSync(join(root, key, name), 40);
    expect(only('spool-unreadable', look())).toMatchObject({
      level: 'trouble',
      found: expect.stringContaining(`1 file cannot be read back: ${name} (expected`),
      facts: { files: 1 },
    });
  });

  it('that has set batches aside says how many of each kind', () => {
    openSpool();
    for (const name of ['refused', 'damaged']) {
      mkdirSync(join(root, key, name));
      writeFileSync(join(root, key, name, 'a'), '');
    }
    writeFileSync(join(root, key, 'refused', 'b'), '');
    expect(only('spool-aside', look())).toMatchObject({
      level: 'attention',
      facts: { refused: 2, damaged: 1 },
    });
  });

  it('that is nearly full says so before anything is lost', () => {
    fill(openSpool());
    const bytes = (only('spool-waiting', look()).facts as { bytes: number }).bytes;
    const found = look({ spoolBytesMax: Math.ceil(bytes * 1.1) }).map(({ found }) => found);
    expect(found.some((text) => text.startsWith('it holds '))).toBe(true);
  });

  it('of a destination that is named no more is not forgotten', () => {
    const former = 'native-0123456789abcdef';
    const spool = openSpool(former);
    fill(spool);
    // As long as its process runs, it sends them.
    expect(look().filter(({ check }) => check === 'spool-left-over')).toEqual([]);
    spool.close();
    expect(only('spool-left-over', look())).toMatchObject({
      level: 'attention',
      facts: { batches: 2, folders: [former] },
    });
  });
});

describe('a folder', () => {
  it('that others may read is pointed out, as its name says what is in it', () => {
    openSpool();
    chmodSync(join(root, key), 0o755);
    const [ofRoot, own] = look().filter(({ check }) => check === 'spool-folder');
    expect(ofRoot).toMatchObject({ level: 'ok' });
    expect(own).toMatchObject({ level: 'attention', todo: `chmod go= ${join(root, key)}` });
    // The doctor does not mend it: the agent does, at its next start.
    expect(statSync(join(root, key)).mode & 0o777).toBe(0o755);
  });

  it('that others may write is pointed out, but for one like /tmp', () => {
    mkdirSync(root);
    chmodSync(root, 0o777);
    expect(only('spool-folder', look())).toMatchObject({ level: 'attention' });
    chmodSync(root, 0o1777);
    expect(only('spool-folder', look())).toMatchObject({ level: 'ok' });
  });

  it('that is a link is trouble, wherever it leads', () => {
    openSpool();
    renameSync(root, `${root}-real`);
    for (const target of [`${root}-real`, '/nowhere/at/all']) {
      symlinkSync(target, root);
      const [found] = look().filter(({ check }) => check === 'spool-folder');
      expect(found).toMatchObject({ level: 'trouble' });
      expect(found?.found).toContain('got a link or file');
      rmSync(root);
    }
  });

  it.runIf(process.platform === 'linux')('that cannot be written is trouble', () => {
    // A folder of the administrator's in which nobody makes a file.
    const [found] = look({ spoolDir: '/proc/self/ns' });
    expect(found).toMatchObject({ level: 'trouble', check: 'spool-folder' });
  });
});

describe('the room on the disk', () => {
  it.each([
    [200 * MIB, 'ok'],
    [60 * MIB, 'attention'],
    [MIB / 2, 'trouble'],
  ])('of %i bytes', (leftBytes, level) => {
    expect(roomFinding(leftBytes, 0, 64 * MIB)).toMatchObject({ level, check: 'spool-disk' });
  });
});
