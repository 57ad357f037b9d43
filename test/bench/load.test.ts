import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createDriver } from '../../bench/children/drive.js';
import {
  loopbackPool,
  poissonArrivals,
  runBurst,
  runOpenLoop,
} from '../../bench/processes/open-loop.js';
import { createRandom } from '../../bench/statistics/random.js';

const REQUEST = Buffer.from('GET /hello HTTP/1.1\r\nHost: bench.test\r\n\r\n');
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function drive(listener: RequestListener) {
  const driver = createDriver(createServer(listener), REQUEST);
  closers.push(() => driver.close());
  return driver;
}

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  return server;
}

describe('in-memory driver', () => {
  it('sends exactly as many requests as asked for, again and again', async () => {
    let handled = 0;
    const driver = drive((_request, response) => {
      handled += 1;
      response.end('hello');
    });
    await driver.run(100);
    expect(handled).toBe(100);
    await driver.run(7);
    expect(handled).toBe(107);
  });

  it('waits for answers that come later', async () => {
    const driver = drive((_request, response) => setImmediate(() => response.end('hello')));
    await driver.run(50);
  });

  it('does not accept an answer other than 200', async () => {
    const driver = drive((_request, response) => response.writeHead(500).end());
    await expect(driver.run(1)).rejects.toThrow('HTTP/1.1 500');
  });

  it('does not take an answer in two parts for two answers', async () => {
    const driver = drive((_request, response) => {
      response.writeHead(200, { 'content-length': 2 });
      response.write('a');
      setImmediate(() => response.end('b'));
    });
    await expect(driver.run(1)).rejects.toThrow('second write');
  });

  it('has the byte counters of a real socket', async () => {
    const seen: number[] = [];
    const driver = drive((request, response) => {
      seen.push(request.socket.bytesRead);
      response.end('hello');
    });
    await driver.run(1);
    expect(seen).toEqual([REQUEST.length]);
  });
});

describe('arrivals', () => {
  const arrivals = poissonArrivals(1500, 10_000, createRandom(1));

  it('come at the rate asked for, in order and within the time', () => {
    expect(arrivals.length).toBeGreaterThan(14_500);
    expect(arrivals.length).toBeLessThan(15_500);
    expect([...arrivals].sort((a, b) => a - b)).toEqual(arrivals);
    expect(arrivals.at(-1)).toBeLessThan(10_000);
  });

  it('come as from independent clients: gaps vary as much as their mean', () => {
    const gaps = arrivals.slice(1).map((time, i) => time - (arrivals[i] as number));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.9);
    expect(Math.sqrt(variance) / mean).toBeLessThan(1.1);
  });

  it('are the same for the same seed only', () => {
    expect(poissonArrivals(1500, 100, createRandom(1))).toEqual(
      poissonArrivals(1500, 100, createRandom(1)),
    );
    expect(poissonArrivals(1500, 100, createRandom(1))).not.toEqual(
      poissonArrivals(1500, 100, createRandom(2)),
    );
  });
});

describe('open-loop load', () => {
  async function poolFor(listener: RequestListener) {
    const { port } = (await listen(listener)).address() as AddressInfo;
    const pool = loopbackPool(port);
    closers.push(() => pool.close());
    return pool;
  }

  it('sends each request once and measures from the intended time', async () => {
    let handled = 0;
    const pool = await poolFor((_request, response) => {
      handled += 1;
      response.end('hello');
    });
    await runBurst(pool, { path: '/hello' }, 100);
    const { sent, p50Us, p99Us, maxUs } = await runOpenLoop(pool, { path: '/hello' }, [0, 1, 2, 3]);
    expect(handled).toBe(104);
    expect(sent).toBe(4);
    expect(p50Us).toBeGreaterThan(0);
    expect(maxUs).toBeGreaterThanOrEqual(p99Us);
  });

  it('charges a stall to every request that was due in it', async () => {
    let held: (() => unknown)[] = [];
    // Lets the 32 requests that the connections carry wait 100 ms, then the next 32 as well.
    const pool = await poolFor((_request, response) => {
      held.push(() => response.end('hello'));
      if (held.length < 32) return;
      const due = held;
      held = [];
      setTimeout(() => {
        for (const answer of due) answer();
      }, 100);
    });
    const { p50Us, maxUs } = await runOpenLoop(pool, { path: '/hello' }, new Array(64).fill(0));
    // Measured from the send, the second half would show one stall only.
    expect(p50Us).toBeGreaterThan(99_000);
    expect(maxUs).toBeGreaterThan(198_000);
  });

  it('does not go on when the application answers with an error', async () => {
    const pool = await poolFor((_request, response) => response.writeHead(503).end());
    await expect(runOpenLoop(pool, { path: '/hello' }, [0])).rejects.toThrow('got 503');
  });
});
