/** A request that ends too early was not refused for what it said: it may come again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Collector, startCollector } from '../../src/collector/start-collector.js';

const HEAD =
  'POST /v1/batches HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/msgpack\r\n' +
  'Content-Length: 100\r\nTachograph-Agent: a\r\nTachograph-Boot: b\r\nTachograph-Sequence: 1\r\n\r\n';

let folder: string;
let collector: Collector;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tacho-'));
  collector = await startCollector({ folder, port: 0, queryThreads: 0 });
});
afterAll(async () => {
  await collector.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a sender hears that says so much and then that it was all. */
async function answerTo(text: string): Promise<string> {
  const socket = connect(Number(new URL(collector.url).port), '127.0.0.1');
  socket.end(text);
  return Buffer.concat(await socket.toArray()).toString();
}

describe('a request', () => {
  it.each([
    ['head', HEAD.slice(0, 60)],
    ['body', `${HEAD}a part`],
  ])('that ends within its %s is answered 408, which senders repeat', async (_where, text) => {
    expect(await answerTo(text)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that is no HTTP is answered 400, and one whose head is too long 431', async () => {
    expect(await answerTo('SSH-2.0-OpenSSH_9.2\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
    const long = `GET / HTTP/1.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`;
    expect(await answerTo(long)).toMatch(/^HTTP\/1\.1 431 /);
  });
});
