/**
 * Fault 27: an old agent with a new collector, and the reverse, by what is stored of a version: its golden batches,
 * a description of what it sends, and its exchanges. What is stored is never changed; today's code is held against it.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Packr } from 'msgpackr';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCollector } from '../../src/collector/start-collector.js';
import { createSender } from '../../src/transport/create-sender.js';
import { decodeBatch } from '../../src/transport/decode-batch.js';
import { parseDestinations } from '../../src/transport/destination.js';
import type { Outcome } from '../../src/transport/sender.js';
import { decodeSpoolFile } from '../../src/transport/spool-file.js';
import { quietLog } from '../support/quiet-log.js';
import { makeFolder, runApp } from '../support/run-app.js';
import {
  type Contract,
  complaintsOfBatch,
  complaintsOfRequest,
  type Shape,
} from '../support/wire-contract/contract.js';
import {
  type Exchange,
  essenceOf,
  exchange,
  requestBytes,
} from '../support/wire-contract/exchange.js';
import { readMsgpack, type Value } from '../support/wire-contract/read-msgpack.js';
import { sampleParcel } from '../transport/sample-batch.js';
import { answer, TestServer } from '../transport/test-server.js';

const FOLDER = new URL('../fixtures/wire-v1/', import.meta.url).pathname;
/** Of all that is stored of version 1. Another one means that what was sent by then is judged by other terms. */
const FROZEN = '23dc1423b881af15e33e3f44d111dc02ae43356e20d1b1e78330d3c5ef5596d4';
/** Half a minute after the stored batches. */
const NOW = 1_700_000_050_000;
const TOKEN = 'tacho_secret';

const golden = (name: string): Buffer => readFileSync(join(FOLDER, `${name}.bin`));
const stored = <Type>(name: string): Type =>
  JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Type;
const contract = stored<Contract>('contract');
const exchanges = stored<Exchange[]>('exchanges');
const goldenNames = readdirSync(FOLDER).flatMap((name) => /^(.*)\.bin$/.exec(name)?.[1] ?? []);
const log = quietLog();

/** The port of a collector of today, at the time of the stored batches. */
async function startToday(): Promise<number> {
  const folder = makeFolder();
  const now = (): number => NOW;
  const options = { folder: join(folder.path, 'data'), port: 0, queryThreads: 0, now, log };
  const collector = await startCollector({ ...options, token: TOKEN });
  onTestFinished(async () => {
    await collector.close();
    folder.remove();
  });
  return Number(new URL(collector.url).port);
}

/** What today's agent makes of an answer, given byte for byte. */
async function outcomeOf(text: string): Promise<Outcome> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { port: number };
  const { destinations } = parseDestinations([`http://127.0.0.1:${address.port}`]);
  const sender = await createSender(destinations[0]!, '', Date.now);
  try {
    return await sender.send(sampleParcel(), 5000);
  } finally {
    await sender.close();
    server.close();
  }
}

describe('what is stored of version 1', () => {
  it('is what it was', () => {
    const hash = createHash('sha256');
    for (const name of readdirSync(FOLDER).sort()) {
      const bytes = readFileSync(join(FOLDER, name));
      // Of JSON what it says, and not how it is set.
      hash.update(name.endsWith('.json') ? JSON.stringify(JSON.parse(String(bytes))) : bytes);
    }
    expect(hash.digest('hex')).toBe(FROZEN);
  });

  it.each(goldenNames)('agrees with itself: %s', (name) => {
    expect(complaintsOfBatch(contract, readMsgpack(golden(name)))).toEqual([]);
  });
});

describe('an agent of today', () => {
  it('sends a collector of version 1 nothing but what that knows', async () => {
    const server = await TestServer.start(answer(200));
    onTestFinished(() => server.stop());
    const env = {
      TACHOGRAPH_URL: server.url,
      TACHOGRAPH_TOKEN: TOKEN,
      TACHOGRAPH_WINDOW: '1s',
      TACHOGRAPH_SAMPLE_INTERVAL: '250ms',
    };
    expect(await runApp('end.mjs', { args: ['natural', '2500'], env })).toMatchObject({ code: 0 });
    expect(server.received.length).toBeGreaterThan(1);
    for (const request of server.received) {
      expect(complaintsOfRequest(contract, request)).toEqual([]);
    }
  });

  it.each(exchanges)(
    'understands what a collector of version 1 answers to: $name',
    async ({ answer: text, outcome }) => {
      const { kind, ...details } = await outcomeOf(text);
      const { splittable, afterMs } = details as { splittable?: boolean; afterMs?: number };
      expect({ kind, splittable, afterMs }).toEqual(outcome);
    },
  );

  it.each([
    ['a field of the body', 'content-type: application/json', '{"duplicate":false,"later":[1]}'],
    ['a header', 'content-type: application/json\r\ntachograph-later: 1', '{"duplicate":false}'],
    ['a type of the body', 'content-type: application/msgpack', '\x01'],
    ['no body', 'tachograph-later: 1', ''],
  ])('takes an answer of a later version for what it is: %s', async (_name, headers, body) => {
    const length = `content-length: ${body.length}`;
    const said = (status: string): string =>
      `HTTP/1.1 ${status}\r\n${headers}\r\n${length}\r\n\r\n`;
    expect(await outcomeOf(said('200 OK') + body)).toEqual({ kind: 'accepted' });
    const refused = await outcomeOf(said('422 Unprocessable Entity') + body);
    expect(refused).toMatchObject({ kind: 'refused', splittable: true });
  });

  it('sends what an agent of version 1 left in the spool', () => {
    const parcel = decodeSpoolFile(readFileSync(join(FOLDER, 'example.tgb')));
    expect(parcel).toMatchObject({
      identity: decodeBatch(golden('example')).identity,
      records: 3,
      body: golden('example'),
    });
  });
});

describe('a collector of today', () => {
  it('answers an agent of version 1 as a collector of version 1 did', async () => {
    const port = await startToday();
    for (const { name, request, answer: text } of exchanges) {
      if (request === undefined) continue;
      const bytes = requestBytes(request, golden(request.batch), `127.0.0.1:${port}`);
      const answered = await exchange(port, bytes);
      expect({ name, ...essenceOf(answered) }).toEqual({ name, ...essenceOf(text) });
    }
  });

  it.each(goldenNames)(
    'ignores what a later version adds at the end of arrays: %s',
    async (name) => {
      const plain = golden(name);
      const extended = extend(contract.batch, readMsgpack(plain));
      const body = new Packr({ useRecords: false }).pack(extended);
      expect(body.length).toBeGreaterThan(plain.length + 20);
      expect(decodeBatch(body)).toEqual(decodeBatch(plain));

      const port = await startToday();
      const { sequence } = decodeBatch(plain).identity;
      const headers = { authorization: `Bearer ${TOKEN}`, 'tachograph-agent': agentOf(plain) };
      const request = { sequence, batch: name, headers };
      const answered = await exchange(port, requestBytes(request, body, `127.0.0.1:${port}`));
      expect(essenceOf(answered)).toMatchObject({ status: 200, duplicate: false });
      const again = await exchange(port, requestBytes(request, plain, `127.0.0.1:${port}`));
      expect(essenceOf(again)).toMatchObject({ status: 200, duplicate: true });
    },
  );
});

/** Every array of fixed fields with more of them, of the types that there are. */
function extend(shape: Shape, value: Value): unknown {
  if (typeof value === 'number') return value > 0xffff_ffff ? BigInt(value) : value;
  if (!Array.isArray(value) || typeof shape !== 'object') return value;
  if ('each' in shape) return value.map((one) => extend(shape.each, one));
  if (!Array.isArray(shape)) return value;
  const fields = value.map((one, i) => extend(shape[i] ?? 'whole', one));
  return [...fields, 7, 'later', [1, ['x']], Buffer.from('later')];
}

/** As a header holds it. */
function agentOf(body: Uint8Array): string {
  return decodeBatch(body).identity.agent.replace(/[^ -~]/gu, '?');
}
