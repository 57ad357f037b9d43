/** What leaves the agent, read by another language (Debian: python3 and python3-msgpack). */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { createSender } from '../../src/transport/create-sender.js';
import { decodeBatch } from '../../src/transport/decode-batch.js';
import { decodeHdrPayload } from '../../src/transport/decode-hdr-payload.js';
import { parseDestinations } from '../../src/transport/destination.js';
import { encodeBatch } from '../../src/transport/encode-batch.js';
import { flatPoints } from '../../src/transport/flat-points.js';
import { lowestOfSlot } from '../../src/transport/hdr-layout.js';
import { sampleBatch, sampleParcel } from './sample-batch.js';

/** Of several Pythons, the one that has the library. */
const python = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import msgpack']).status === 0,
);
if (python === undefined && !process.env.CI) {
  process.stdout.write('skipped: the Python receiver needs python3-msgpack\n');
}
const fixture = (name: string): string => new URL(`../fixtures/${name}`, import.meta.url).pathname;

function readByPython(path: string): { batch: unknown; slots: [number, number][][] } {
  const run = spawnSync(python ?? 'python3', [fixture('python/read_batch.py'), path], {
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  return JSON.parse(run.stdout);
}

describe.runIf(python !== undefined || process.env.CI)('the Python receiver', () => {
  const names = readdirSync(fixture('wire-v1')).filter((name) => name.endsWith('.bin'));

  it.each(names)('reads %s by the specification alone', (name) => {
    const { batch } = readByPython(fixture(`wire-v1/${name}`));
    const golden = readFileSync(fixture(`wire-v1/${name.replace('.bin', '.json')}`), 'utf8');
    // 2^53 - 1 is exact in both.
    expect(batch).toEqual(JSON.parse(golden));
  });

  it('reads the histograms of a batch that was made just now', ({ onTestFinished }) => {
    const folder = mkdtempSync(join(tmpdir(), 'tacho-python-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'fresh.bin');
    const fresh = sampleBatch(9, 400, 20);
    writeFileSync(path, encodeBatch(fresh));
    const { slots } = readByPython(path);
    const ours = fresh.histograms.map(({ payload }) => {
      const { layout, indexes, counts } = decodeHdrPayload(payload);
      return Array.from(indexes, (index, i) => [lowestOfSlot(layout, index), counts[i]]);
    });
    expect(slots).toEqual(ours);
  });

  it('takes plain maps over HTTP, and finds the values in them', async () => {
    const child = spawn(python ?? 'python3', [fixture('python/receive_points.py')]);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const port = (await lines.next()).value;
    const { destinations } = parseDestinations([`msgpack+http://127.0.0.1:${port}/tacho.points`]);
    const sender = await createSender(destinations[0]!, '', Date.now);
    expect(await sender.send(sampleParcel(3), 5000)).toEqual({ kind: 'accepted' });
    const said = JSON.parse((await lines.next()).value);
    expect(said.path).toBe('/tacho.points');
    expect(said.types).toEqual(['application/msgpack', null]);
    expect(said.points).toEqual(flatPoints(decodeBatch(sampleParcel(3).body)));
    expect(said.points[0]).toMatchObject({ count: 5, 'http.route': '/orders/:id', min: 0.0012 });
    await sender.close();
    await once(child, 'close');
  });
});
