/** A collector that ends while the database it looks at is silent. Its clock stands still then. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { startCollector } from '../../../src/collector/start-collector.js';
import { type SilentServer, silentServer } from '../../advisor/silent-server.js';

const FIRST_MS = 1000;
const folder = mkdtempSync(join(tmpdir(), 'tacho-'));
let server: SilentServer | undefined;
afterEach(() => {
  vi.useRealTimers();
  server?.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['says no word', false],
  ['answers no query', true],
])('a collector does not wait for a database that %s', async (_, letsIn) => {
  server = await silentServer({ letsIn });
  // Whatever waits for a timeout waits for ever.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  const collector = await startCollector({
    ...{ folder, port: 0, queryThreads: 0, log: () => {} },
    adviseDsn: `postgres://someone@127.0.0.1:${server.port}/shop`,
    adviseTimes: { firstMs: FIRST_MS, locksEveryMs: FIRST_MS },
  });
  vi.advanceTimersByTime(FIRST_MS);
  const sockets = await server.waiting(2);
  const gone = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  await expect(collector.close()).resolves.toBeUndefined();
  await Promise.all(gone);
});
