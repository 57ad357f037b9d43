/** The oracle with a real application, agent and collector: it is content, and finds what is planted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../../src/collector/start-collector.js';
import { makeFolder } from '../run-app.js';
import { complaintsOf } from './judge.js';
import { Producer } from './producer.js';

const folder = makeFolder();
let collector: Collector;
beforeAll(async () => {
  collector = await startCollector({ folder: `${folder.path}/data`, port: 0, queryThreads: 0 });
});
afterAll(async () => {
  await collector.close();
  folder.remove();
});

function produce(service: string): Producer {
  return new Producer({ service, url: collector.url, folder: folder.path });
}

describe('the oracle', () => {
  it('has nothing to say of an application that was recorded without trouble', async () => {
    const producer = produce('well');
    await producer.beats(60);
    expect(await producer.isFreshSoon(collector.url)).toBe(true);
    expect(await producer.finish()).toEqual({
      code: 0,
      signal: null,
      stdout: 'READY\nended\n',
      stderr: '',
    });
    expect(await producer.complaints(collector.url)).toEqual([]);
    expect(producer.log.recorded).toBeGreaterThan(50);
  });

  it('finds what is planted in the answers of a collector', async () => {
    const producer = produce('planted');
    await producer.beats(60);
    await producer.finish();
    const evidence = await producer.evidence(collector.url);
    expect(complaintsOf(evidence)).toEqual([]);
    const [first, second] = [...evidence.counts.keys()] as [number, number];
    const counts = new Map(evidence.counts).set(first, 2);
    counts.delete(second);
    const [account] = evidence.accounts;
    const accounts = [{ ...account!, unaccounted: -1, balanced: false }];
    expect(complaintsOf({ ...evidence, counts, accounts })).toEqual([
      `1 ids are missing: ${second}`,
      `1 ids are there twice: ${first}`,
      expect.stringContaining('the ledger does not add up'),
    ]);
  });
});
