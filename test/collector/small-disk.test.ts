/** Fault 16 on a real file system: a collector whose disk is full, and free again. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const CHILD = new URL('./children/collector-on-small-disk.ts', import.meta.url).pathname;
const RECORDS = 50 * 300;
const READABLE = { services: 200, metrics: 200, ledger: 200, events: 200, health: 200 };

/** A user namespace lets anyone mount a small file system of his own, where the kernel allows it. */
const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

it.runIf(canMount || process.env.CI)(
  'a collector on a full disk refuses with 503, shows what it has, and heals when there is room',
  () => {
    const root = mkdtempSync(join(tmpdir(), 'tacho-small-'));
    const node = `exec "${process.execPath}" --import tsx "${CHILD}" "${root}"`;
    const mount = `mount -t tmpfs -o size=32m,mode=700 tmpfs "${root}"`;
    const { stdout, stderr, status } = spawnSync(
      'unshare',
      ['-rm', 'sh', '-c', `${mount} && ${node}`],
      {
        encoding: 'utf8',
      },
    );
    rmSync(root, { recursive: true, force: true });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const [before, full, freed] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(before).toMatchObject({ today: { 200: 12 }, statuses: READABLE, count: 12 * RECORDS });
    // A page that SQLite has already may take the first.
    const stored = (full.today[200] ?? 0) + (full.yesterday[200] ?? 0);
    expect(full.today['503 after 5'] ?? 0).toBeGreaterThan(6);
    expect(full.yesterday).toEqual({ '503 after 5': 12 });
    expect(full).toMatchObject({ statuses: READABLE, count: (12 + stored) * RECORDS, log: [] });
    expect(freed).toMatchObject({
      today: { 200: 12 },
      yesterday: { 200: 12 },
      maintained: 'done',
      statuses: READABLE,
      count: (12 + stored + 24) * RECORDS,
      batches: 12 + stored + 24,
      log: [],
    });
  },
);
