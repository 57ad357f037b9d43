/**
 * Ten million values through ring, worker, wire and store: what the collector says of them against
 * the values themselves.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';
import { STREAMS, stream } from '../fixtures/apps/value-streams.mjs';
import { javaIsThere, readByJava } from '../support/java-histograms.js';
import { cleanEnvironment, FIXTURES, makeFolder, REGISTER } from '../support/run-app.js';

const VALUES_EACH = 2_500_000;
/** What the README states for two significant digits. */
const ERROR_MAX = 0.007;
const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'p99_9'] as const;

interface Total {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly histogram: string;
  readonly [percentile: string]: unknown;
}

const folder = makeFolder();
let collector: Collector;
let totals: ReadonlyMap<string, Total>;
let ledger: Record<string, unknown> | undefined;

beforeAll(async () => {
  collector = await startCollector({ folder: join(folder.path, 'store'), port: 0 });
  const child = spawn(
    process.execPath,
    ['--import', REGISTER, join(FIXTURES, 'write-values.mjs'), String(VALUES_EACH)],
    {
      env: {
        ...cleanEnvironment(),
        TACHOGRAPH_URL: collector.url,
        TACHOGRAPH_SPOOL_DIR: join(folder.path, 'spool'),
        TACHOGRAPH_SERVICE: 'truth',
        TACHOGRAPH_EXIT_TIMEOUT: '5s',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);

  const query = new URL('/v1/query', collector.url);
  query.search = 'metric=test.values&service=truth&from=-1h&to=now&group=stream&histogram=1';
  const answer = (await (await fetch(query)).json()) as {
    groups: { attributes: Record<string, string>; total: Total }[];
  };
  totals = new Map(answer.groups.map(({ attributes, total }) => [attributes.stream!, total]));
  const accounts = (await (await fetch(new URL('/v1/ledger', collector.url))).json()) as {
    processes: Record<string, unknown>[];
  };
  ledger = accounts.processes[0];
}, 240_000);

afterAll(async () => {
  await collector.close();
  folder.remove();
});

describe('ten million values', () => {
  it.each(STREAMS)('of the stream "%s" come out exact in number and true in shape', (name) => {
    const next = stream(name, STREAMS.indexOf(name) + 1);
    const values = Float64Array.from({ length: VALUES_EACH }, () => next()).sort();
    const total = totals.get(name)!;
    expect(total.count).toBe(VALUES_EACH);
    expect(total.min).toBeCloseTo(values[0]! / 1e6, 6);
    // Above 71 minutes a value travels in thousands of microseconds.
    expect(Math.abs(total.max / (values[VALUES_EACH - 1]! / 1e6) - 1)).toBeLessThan(1e-6);
    for (const percentile of PERCENTILES) {
      const share = Number(percentile.slice(1).replace('_', '.')) / 100;
      const exact = values[Math.ceil(share * VALUES_EACH) - 1]! / 1e6;
      const error = Math.abs((total[percentile] as number) / exact - 1);
      expect(error, `${percentile}: ${total[percentile]} against ${exact}`).toBeLessThan(ERROR_MAX);
    }
  });

  it.runIf(javaIsThere || process.env.CI)(
    'are stored as payloads that the Java reference library reads to the same counts',
    () => {
      const payloads = STREAMS.map((name) => inflate(totals.get(name)!.histogram));
      for (const [index, read] of readByJava(payloads).entries()) {
        expect(read.total).toBe(VALUES_EACH);
        expect(read.slots).toEqual(expectedSlots(STREAMS[index]!));
      }
    },
  );

  it('leave a ledger that adds up, with nothing dropped', () => {
    const { recorded, received, pending, dropped, balanced } = ledger as {
      recorded: number;
      received: number;
      pending: number;
      dropped: Record<string, number>;
      balanced: boolean;
    };
    expect(recorded).toBeGreaterThan(VALUES_EACH * STREAMS.length);
    expect({ pending, balanced, received }).toEqual({
      pending: 0,
      balanced: true,
      received: recorded,
    });
    expect(Object.values(dropped).every((records) => records === 0)).toBe(true);
  });
});

/** The API gives the compressed V2 form: cookie, length, then the payload under zlib. */
function inflate(base64: string): Uint8Array {
  return inflateSync(Buffer.from(base64, 'base64').subarray(8));
}

/** Counts by the lowest value of their slot, from the values themselves. */
function expectedSlots(name: string): Map<number, number> {
  const next = stream(name, STREAMS.indexOf(name) + 1);
  const slots = new Map<number, number>();
  for (let i = 0; i < VALUES_EACH; i++) {
    const value = next();
    // Above 32 bits a value travels in thousands.
    const carried = value > 0xffff_ffff ? Math.round(value / 1000) * 1000 : value;
    // Two significant digits: 256 slots from 0, then 128 for each doubling.
    const width = carried < 256 ? 1 : 2 ** (Math.floor(Math.log2(carried)) - 7);
    const lowest = Math.floor(carried / width) * width;
    slots.set(lowest, (slots.get(lowest) ?? 0) + 1);
  }
  return new Map([...slots].sort(([a], [b]) => a - b));
}
