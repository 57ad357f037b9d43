import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeBatch } from '../../src/transport/decode-batch.js';
import { Spool } from '../../src/transport/spool.js';
import { encodeSpoolFile } from '../../src/transport/spool-file.js';
import { batchName, parseBatchName, slotName } from '../../src/transport/spool-name.js';
import { sampleParcel } from './sample-batch.js';
import { answer, TestServer } from './test-server.js';

const WRITER = new URL('./children/spool-writer.ts', import.meta.url).pathname;
const CLAIMER = new URL('./children/spool-claimer.ts', import.meta.url).pathname;
const STARTER = new URL('./children/spool-starter.ts', import.meta.url).pathname;
const SENDER = new URL('./children/lane-sender.ts', import.meta.url).pathname;
const BOOTS = ['aaaaaaaa-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000002'];

let root: string;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'tacho-spool-')), 'spool');
});
afterEach(() => rmSync(join(root, '..'), { recursive: true, force: true }));

function start(script: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('close', resolve));
}

/** Identities of so many processes. */
function heirsOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${i + 1}${BOOTS[1]!.slice(1)}`);
}

/** The line of each. None ends before all have said theirs: a dead one's files could be taken again. */
async function saidBy(children: readonly ChildProcess[]): Promise<unknown[]> {
  const ends = children.map(ended);
  const said = await Promise.all(
    children.map(async (child) => {
      let text = '';
      for await (const chunk of child.stdout!.setEncoding('utf8')) {
        text += chunk;
        if (text.endsWith('\n')) break;
      }
      return JSON.parse(text) as unknown;
    }),
  );
  for (const child of children) child.stdin!.end();
  expect(await Promise.all(ends)).toEqual(children.map(() => 0));
  return said;
}

function openHere(boot: string, log: { lost: string[]; damaged: string[] }): Spool {
  const spool = new Spool({
    root,
    key: 'native-0',
    bytesMax: 64 * 1024 * 1024,
    ageMaxMs: 7 * 86_400_000,
    boot,
    nowMs: Date.now,
  });
  spool.listen({
    onLost: (_waiting, reason) => log.lost.push(reason),
    onAdopted: () => undefined,
    onDamaged: (detail) => log.damaged.push(detail),
  });
  spool.open(true);
  return spool;
}

describe('a process that is killed', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'loses nothing that it had appended or checkpointed (kill %i)',
    async (round) => {
      const child = start(WRITER, root, BOOTS[0]!);
      let said = '';
      const enough = 20 + round * 37;
      await new Promise<void>((resolve) => {
        child.stdout!.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          if (said.split('\n').length > enough) resolve();
        });
      });
      child.kill('SIGKILL');
      await ended(child);

      const log = { lost: [], damaged: [] };
      const spool = openHere(BOOTS[1]!, log);
      const steps = said.split('\n').slice(0, -1);
      const found = new Map(spool.mine().map((waiting) => [waiting.sequence, waiting]));
      for (const step of steps) {
        const [what, sequence, records] = step.split(' ');
        if (what === 'append') expect(found.get(Number(sequence))?.records).toBe(12);
        else expect(found.get(Number(sequence))?.records).toBeGreaterThanOrEqual(Number(records));
      }
      for (const waiting of found.values()) {
        const parcel = spool.read(waiting)!;
        const batch = decodeBatch(parcel.body);
        expect(batch.identity).toEqual({ ...parcel.identity, boot: BOOTS[0] });
        expect(batch.records).toBe(waiting.records);
      }
      expect(log).toEqual({ lost: [], damaged: [] });
      expect(spool.mine()).toHaveLength(found.size);
      const rest = readdirSync(join(root, 'native-0')).filter((name) => !name.endsWith('.tgb'));
      expect(rest.filter((name) => !name.endsWith('.owner'))).toEqual([]);
    },
  );
});

describe('two processes on one folder', () => {
  it('share what a dead one left, and neither takes what the other took', async () => {
    // Enough that both are at it for a while.
    const left = 4000;
    const folder = join(root, 'native-0');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const bytes = encodeSpoolFile(sampleParcel());
    for (let sequence = 1; sequence <= left; sequence++) {
      const parcel = { ...sampleParcel(), closedMs: Date.now() };
      const identity = { ...parcel.identity, sequence };
      writeFileSync(join(folder, batchName({ ...parcel, identity }, '99999999-dead')), bytes);
    }
    const startMs = String(Date.now() + 1500);
    const counts = (await saidBy(
      heirsOf(2).map((boot) => start(CLAIMER, root, boot, startMs)),
    )) as { mine: number; adopted: number; lost: number }[];
    const sum = (key: 'mine' | 'adopted' | 'lost'): number => counts[0]![key] + counts[1]![key];
    expect([sum('mine'), sum('adopted'), sum('lost')]).toEqual([left, left, 0]);
  });

  it('deliver every batch once, those of a dead one too', async () => {
    const server = await TestServer.start(answer(200));
    const closed = await TestServer.start(answer(200));
    const { port } = closed;
    await closed.stop();
    // Nobody listens: both end by themselves and leave their batches in the spool.
    const url = `http://127.0.0.1:${port}`;
    const codes = await Promise.all(
      BOOTS.map((boot) => ended(start(SENDER, root, boot, url, '20'))),
    );
    expect(codes).toEqual([0, 0]);
    const folder = join(root, readdirSync(root)[0]!);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tgb'))).toHaveLength(40);
    await server.stop();

    // The collector is back; two others start at the same moment and share the legacy.
    const back = await TestServer.start(answer(200), port);
    const heirs = ['cccccccc-0000-4000-8000-000000000003', 'dddddddd-0000-4000-8000-000000000004'];
    const children = heirs.map((boot) => start(SENDER, root, boot, url, '3', '20000'));
    await Promise.all(children.map(ended));
    // What they did not manage before their end is the next one's.
    if (readdirSync(folder).some((name) => name.endsWith('.tgb'))) {
      await ended(start(SENDER, root, 'eeeeeeee-0000-4000-8000-000000000005', url, '1', '20000'));
    }
    const ids = back.received.map(({ body }) => {
      const { identity } = decodeBatch(body);
      return `${identity.boot} ${identity.sequence}`;
    });
    for (const boot of BOOTS) {
      for (let sequence = 1; sequence <= 20; sequence++) {
        expect(ids.filter((id) => id === `${boot} ${sequence}`)).toHaveLength(1);
      }
    }
    await back.stop();
  });
});

describe('a process with a lane', () => {
  it('ends by itself while batches wait and a connection stands idle', async () => {
    const server = await TestServer.start(answer(200));
    const child = start(SENDER, root, BOOTS[0]!, server.url, '3', '20000');
    expect(await ended(child)).toBe(0);
    expect(server.received.map(({ headers }) => headers['tachograph-sequence'])).toContain('3');
    await server.stop();
  });
});

describe('six processes that start at once', () => {
  it('leave one batch of each identity, the finished one, and do not stop each other', async () => {
    const rounds = 40;
    const dead = '99999999-dead';
    for (let round = 0; round < rounds; round++) {
      const folder = join(root, `native-${round}`);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const leave = (name: string, records: number, sequence: number): void => {
        const parcel = { ...sampleParcel(sequence, records), closedMs: Date.now() };
        const path = join(folder, name || batchName(parcel, dead));
        writeFileSync(path, encodeSpoolFile(parcel));
      };
      leave('', 12, 1);
      leave(slotName(dead, 0), 9, 1 + (round % 2));
      leave(slotName(dead, 1), 5, 1 + (round % 2));
      if (round % 4 > 1) {
        const marker = JSON.stringify({ place: 'another-host', started: '1' });
        writeFileSync(join(folder, `${dead}.owner`), marker);
        utimesSync(join(folder, `${dead}.owner`), 0, 0);
      }
    }
    const startMs = String(Date.now() + 3000);
    const failed = await saidBy(
      heirsOf(6).map((boot) => start(STARTER, root, boot, startMs, String(rounds))),
    );
    expect(failed.flat()).toEqual([]);
    for (let round = 0; round < rounds; round++) {
      const names = readdirSync(join(root, `native-${round}`));
      const batches = names.map(parseBatchName).filter((name) => name !== undefined);
      const found = batches.map(({ sequence, records }) => `${sequence}: ${records}`).sort();
      expect(found).toEqual(round % 2 === 0 ? ['1: 12'] : ['1: 12', '2: 9']);
      expect(names.filter((name) => name.endsWith('.owner'))).toHaveLength(6);
      expect(names).toHaveLength(6 + batches.length);
    }
  });
});
