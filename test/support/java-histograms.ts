/** The reference implementation of HdrHistogram, in Java (Debian: libhdrhistogram-java and a JDK). */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const JAR = '/usr/share/java/hdrhistogram.jar';
const PROGRAM = new URL('../fixtures/java/DecodeHistograms.java', import.meta.url).pathname;

export const javaIsThere: boolean = existsSync(JAR) && spawnSync('java', ['-version']).status === 0;

export interface JavaHistogram {
  readonly total: number;
  /** Counts by the lowest value of their slot, ascending. */
  readonly slots: ReadonlyMap<number, number>;
}

/** What the reference library reads in each payload (V2, not compressed). */
export function readByJava(payloads: readonly Uint8Array[]): JavaHistogram[] {
  const run = spawnSync('java', ['-cp', JAR, PROGRAM], {
    input: payloads.map((payload) => Buffer.from(payload).toString('hex')).join('\n'),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status !== 0) throw new Error(`java ended with ${run.status}: ${run.stderr}`);
  return run.stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [, , , total, , slots = ''] = line.split(' ');
      const pairs = slots.split(',').map((slot) => slot.split(':').map(Number));
      return {
        total: Number(total),
        slots: new Map(pairs.map(([lowest = 0, count = 0]) => [lowest, count])),
      };
    });
}
