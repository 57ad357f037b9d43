import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const CHILD = new URL('./children/lane-on-bad-disk.ts', import.meta.url).pathname;
const MARKER = new URL('./children/marker-on-full-disk.ts', import.meta.url).pathname;
const NODE = `"${process.execPath}" --import tsx "${CHILD}"`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tacho-disk-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Said {
  readonly delivered: number;
  readonly pending: { readonly records: number };
  readonly memoryBytes: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly trouble: readonly string[];
}

function run(command: string, uid?: number): Said[] {
  const options = { encoding: 'utf8', ...(uid === undefined ? {} : { uid, gid: uid }) } as const;
  const { stdout, stderr, status } = spawnSync('sh', ['-c', command], options);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function lostOf({ dropped }: Said): number {
  return Object.values(dropped).reduce((sum, records) => sum + records, 0);
}

/** A user namespace lets anyone mount a small file system of his own, where the kernel allows it. */
const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

describe('a disk of a real system', () => {
  it.runIf(canMount || process.env.CI)('that is full costs nothing that fits in memory', () => {
    const [before, broken, mended] = run(
      `unshare -rm sh -c 'mount -t tmpfs -o size=256k,mode=700 tmpfs "${root}" && exec ${NODE} "${root}" full'`,
    );
    expect(before).toMatchObject({ pending: { records: 5 }, memoryBytes: 0, trouble: [] });
    expect(broken!.trouble).toEqual(['TACHO_SPOOL_UNUSABLE']);
    expect(broken!.memoryBytes).toBeGreaterThan(0);
    expect(broken!.pending.records).toBe(20);
    expect(mended).toMatchObject({ pending: { records: 20 }, memoryBytes: 0 });
    expect(lostOf(mended!)).toBe(0);
  });

  it.runIf(canMount || process.env.CI)(
    'that was full when a process began tells its heirs nevertheless when it is dead',
    () => {
      const node = `exec "${process.execPath}" --import tsx "${MARKER}"`;
      const [marker] = run(
        `unshare -rm sh -c 'mount -t tmpfs -o size=256k,mode=700 tmpfs "${root}" && ${node} "${root}"'`,
      );
      // Without them it would pass for living until it had been silent for 90 s.
      expect(marker).toEqual({ place: expect.any(String), started: expect.any(String) });
    },
  );

  it.runIf(canMount || process.env.CI)('that cannot read one file delivers the others', () => {
    const [before, broken, sent, mended] = run(
      `exec unshare -rm ${NODE} "${root}" unreadable collector-back`,
    );
    expect(before!.pending.records).toBe(5);
    expect(broken).toMatchObject({ pending: { records: 15 }, memoryBytes: 0 });
    expect(sent).toMatchObject({ delivered: 15, dropped: { corrupt: 5 }, trouble: [] });
    expect(mended).toMatchObject({ delivered: 15, dropped: { corrupt: 5 }, memoryBytes: 0 });
    expect(mended!.pending.records).toBe(0);
  });

  it('costs nothing when there are no descriptors to read it with', () => {
    const [, , sent, mended] = run(
      `ulimit -n 64; exec ${NODE} "${root}" descriptors collector-back`,
    );
    // What was on the disk before they went can be read once they are back; the rest is delivered.
    expect(sent).toMatchObject({ delivered: 15, pending: { records: 5 }, memoryBytes: 0 });
    expect(lostOf(sent!)).toBe(0);
    expect(mended).toMatchObject({ delivered: 20, pending: { records: 0 }, memoryBytes: 0 });
    expect(lostOf(mended!)).toBe(0);
  });

  it('costs nothing when there are no descriptors left', () => {
    const [, broken, mended] = run(`ulimit -n 64; exec ${NODE} "${root}" descriptors`);
    expect(broken).toMatchObject({ pending: { records: 20 }, trouble: ['TACHO_SPOOL_UNUSABLE'] });
    expect(broken!.memoryBytes).toBeGreaterThan(0);
    expect(mended).toMatchObject({ pending: { records: 20 }, memoryBytes: 0 });
    expect(lostOf(mended!)).toBe(0);
  });

  it.runIf(process.getuid?.() === 0)('costs nothing when we may not write there', () => {
    const [before, broken] = run(`exec ${NODE} /usr forbidden`, 65_534);
    expect(before).toMatchObject({ pending: { records: 5 }, trouble: ['TACHO_SPOOL_UNUSABLE'] });
    expect(broken).toMatchObject({ pending: { records: 20 }, trouble: ['TACHO_SPOOL_UNUSABLE'] });
  });
});
