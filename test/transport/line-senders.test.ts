import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeBatch } from '../../src/transport/encode-batch.js';
import { fileSender } from '../../src/transport/file-sender.js';
import { sampleBatch, sampleParcel } from './sample-batch.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-lines-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function toFile(path: string, bytesMax = 1_000_000) {
  return fileSender({ kind: 'file', path, bytesMax, label: `file://${path}`, key: 'file' });
}

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

describe('the file sender', () => {
  it('appends one line for each point', async () => {
    const path = join(folder, 'points.ndjson');
    const sender = toFile(path);
    expect(await sender.send(sampleParcel(1), 1000)).toEqual({ kind: 'accepted' });
    expect(await sender.send(sampleParcel(2), 1000)).toEqual({ kind: 'accepted' });
    const points = linesOf(readFileSync(path, 'utf8'));
    expect(points).toHaveLength(8);
    expect(points.map(({ sequence }) => sequence)).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('begins a new file at the limit and keeps one old one', async () => {
    const path = join(folder, 'points.ndjson');
    const sender = toFile(path, 2000);
    for (let sequence = 1; sequence <= 30; sequence++) {
      await sender.send(sampleParcel(sequence), 1000);
    }
    const batchBytes = 2000;
    expect(statSync(path).size).toBeLessThan(2000 + batchBytes);
    expect(statSync(`${path}.1`).size).toBeLessThan(2000 + batchBytes);
    const kept = linesOf(readFileSync(`${path}.1`, 'utf8') + readFileSync(path, 'utf8'));
    const sequences = kept.map(({ sequence }) => sequence as number);
    expect(sequences.at(-1)).toBe(30);
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
  });

  it('tries again when the folder does not exist, and works once it does', async () => {
    const path = join(folder, 'later', 'points.ndjson');
    const sender = toFile(path);
    expect(await sender.send(sampleParcel(1), 1000)).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('ENOENT'),
    });
    mkdirSync(join(folder, 'later'));
    expect(await sender.send(sampleParcel(1), 1000)).toEqual({ kind: 'accepted' });
  });

  it('tries again when the disk is full, and begins on a new line when it is not', async () => {
    const path = join(folder, 'points.ndjson');
    symlinkSync('/dev/full', path);
    const sender = toFile(path);
    expect(await sender.send(sampleParcel(1), 1000)).toMatchObject({
      kind: 'retry',
      reason: expect.stringContaining('ENOSPC'),
    });
    rmSync(path);
    writeFileSync(path, '{"torn":');
    expect(await sender.send(sampleParcel(1), 1000)).toEqual({ kind: 'accepted' });
    const [torn, ...whole] = readFileSync(path, 'utf8').split('\n');
    expect(torn).toBe('{"torn":');
    expect(linesOf(whole.join('\n'))).toHaveLength(4);
  });

  it('refuses what is not a batch, and writes nothing', async () => {
    const path = join(folder, 'points.ndjson');
    const junk = { ...sampleParcel(), body: Buffer.from([1, 2, 3]) };
    expect(await toFile(path).send(junk, 1000)).toMatchObject({ kind: 'refused' });
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('escapes what would break a line', async () => {
    const path = join(folder, 'points.ndjson');
    const events = [{ timeMs: 1, name: 'x\ny', attributes: [['a', '"\u2028\n']] as const }];
    const batch = { ...sampleBatch(), histograms: [], counters: [], gauges: [], events };
    await toFile(path).send({ ...sampleParcel(), body: encodeBatch(batch) }, 1000);
    expect(linesOf(readFileSync(path, 'utf8'))).toMatchObject([{ name: 'x\ny', a: '"\u2028\n' }]);
  });
});

describe('the stdout sender', () => {
  const script = new URL('./children/write-stdout.ts', import.meta.url).pathname;
  const ROUTES = 200;
  const POINTS = ROUTES + 3;

  /** The child writes into a pipe that is read once `read` was called. */
  function run(...args: number[]) {
    const go = join(folder, 'go');
    const command =
      '{ "$0" --import tsx "$1" $3; echo "code $?" >&2; } | { while [ -d "$(dirname "$2")" ] && [ ! -e "$2" ]; do sleep 0.02; done; cat; }';
    const child = spawn('sh', ['-c', command, process.execPath, script, go, args.join(' ')]);
    let text = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    return {
      read: () => writeFileSync(go, ''),
      end: new Promise<string>((resolve) => child.on('close', () => resolve(text))),
      async saying(what: string): Promise<void> {
        while (!said.includes(what)) await new Promise((resolve) => setTimeout(resolve, 10));
      },
    };
  }

  it('writes whole lines to the pipe of the process', async () => {
    const { read, end } = run(3, 1);
    read();
    const sequences = linesOf(await end).map(({ sequence }) => sequence);
    expect(sequences).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  });

  it('waits for a pipe that nobody reads, gives up at its deadline, and tears no line', async () => {
    const { read, end, saying } = run(10, ROUTES);
    await saying('retry');
    read();
    const sequences = linesOf(await end).map(({ sequence }) => sequence as number);
    const expected = Array.from({ length: 10 * POINTS }, (_, i) => 1 + Math.floor(i / POINTS));
    expect(sequences).toEqual(expected);
  });

  it('does not keep the process from ending while nobody reads', async () => {
    const { read, end, saying } = run(10, ROUTES, 3);
    await saying('code 7');
    read();
    await end;
  });
});
