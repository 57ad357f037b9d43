import { describe, expect, it } from 'vitest';
import { createStallWatch } from '../../src/workers/stall-watch.js';

const THRESHOLD_MS = 100;

/** A main thread and a worker on one clock, which the test moves. */
class World {
  readonly told: string[] = [];
  readonly heart = { beat: 0, dueMs: 50, lateBeat: -1, lateMs: 0 };
  nowMs = 0;
  looks = 0;
  isInspected = false;
  /** How much later than it wants to the worker looks: it shares its processors. */
  lookLateMs = 0;
  readonly #look: () => number;
  #nextLookMs: number;

  constructor() {
    this.#look = createStallWatch(
      () => ({ ...this.heart }),
      () => this.nowMs,
      THRESHOLD_MS,
      {
        onBegin: (beat, overdueMs) => this.told.push(`begin ${beat} ${overdueMs}`),
        onEnd: (beat, durationMs) => this.told.push(`end ${beat} ${durationMs}`),
        onMissed: (durationMs) => this.told.push(`missed ${durationMs}`),
      },
    );
    this.#nextLookMs = Math.min(1000, this.#look());
  }

  /** The worker looks when it wants to, and once a second; the thread beats, unless it is blocked. */
  run(ms: number, intervalMs: number | 'blocked'): void {
    for (let i = 0; i < ms; i++) {
      this.nowMs += 1;
      if (intervalMs !== 'blocked' && this.nowMs >= this.heart.dueMs) this.#beat(intervalMs);
      if (this.nowMs >= this.#nextLookMs) this.look();
    }
  }

  look(): void {
    this.looks += 1;
    this.#nextLookMs = this.nowMs + Math.min(1000, this.#look()) + this.lookLateMs;
  }

  #beat(intervalMs: number): void {
    const lateMs = this.nowMs - this.heart.dueMs;
    if (lateMs >= THRESHOLD_MS && !this.isInspected) {
      Object.assign(this.heart, { lateBeat: this.heart.beat, lateMs });
    }
    this.heart.beat += 1;
    this.heart.dueMs = this.nowMs + intervalMs;
  }
}

describe('the watch for stalls', () => {
  it('notices the block of a thread at work once its beat is overdue by the threshold, and its end', () => {
    const world = new World();
    world.run(1000, 50);
    const { beat } = world.heart;
    world.run(500, 'blocked');
    expect(world.told).toEqual([`begin ${beat} ${THRESHOLD_MS}`]);
    world.run(500, 50);
    expect(world.told).toEqual([`begin ${beat} ${THRESHOLD_MS}`, `end ${beat} 451`]);
  });

  it('notices two blocks that follow each other', () => {
    const world = new World();
    world.run(1000, 50);
    world.run(500, 'blocked');
    world.run(1, 50);
    world.run(500, 'blocked');
    world.run(500, 50);
    expect(world.told.map((line) => line.split(' ')[0])).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it('says nothing of a thread that beats, late by less than the threshold', () => {
    const world = new World();
    for (let i = 0; i < 20; i++) {
      world.run(200, 50);
      world.run(THRESHOLD_MS - 1, 'blocked');
    }
    expect(world.told).toEqual([]);
  });

  it('looks no oftener than once a second at a thread that idles, and a few times where one is at work', () => {
    const idle = new World();
    idle.run(2000, 1000);
    idle.looks = 0;
    idle.run(100_000, 1000);
    expect(idle.looks).toBeLessThanOrEqual(101);

    const busy = new World();
    busy.run(100_000, 50);
    expect(busy.looks).toBeLessThanOrEqual(1000);
  });

  it('notices the block of a thread that idles when its next beat is overdue', () => {
    const world = new World();
    world.run(3000, 1000);
    world.run(2000, 'blocked');
    expect(world.told).toHaveLength(1);
    expect(world.told[0]).toMatch(/^begin \d+ 1\d\d$/);
  });

  it('does not take a stopped process or a sleeping machine for a block, whoever goes on first', () => {
    for (const [intervalMs, isWorkerFirst] of [
      [50, true],
      [50, false],
      [1000, true],
      [1000, false],
    ] as const) {
      // At whatever moment between two looks and two beats it is stopped.
      for (let phaseMs = 0; phaseMs < 1100; phaseMs += 7) {
        const world = new World();
        world.run(3000 + phaseMs, intervalMs);
        world.nowMs += 3_600_000;
        if (isWorkerFirst) world.look();
        world.run(2000, intervalMs);
        expect(world.told).toEqual([]);
      }
    }
  });

  it('does not count the stop of a process in the middle of a block', () => {
    const world = new World();
    world.run(1000, 50);
    world.run(500, 'blocked');
    world.nowMs += 60_000;
    world.run(500, 'blocked');
    world.run(500, 50);
    expect(world.told).toHaveLength(2);
    const duration = Number(world.told[1]?.split(' ')[2]);
    expect(duration).toBeGreaterThan(800);
    expect(duration).toBeLessThan(1100);
  });

  it('notices a block on a machine so busy that each of its looks is late', () => {
    const world = new World();
    world.lookLateMs = 80;
    world.run(3000, 50);
    expect(world.told).toEqual([]);
    world.run(1000, 'blocked');
    expect(world.told).toHaveLength(1);
    expect(world.told[0]).toMatch(/^begin/);
  });

  it('tells of a block that was over when it looked', () => {
    const world = new World();
    world.run(3000, 1000);
    // From just before the beat that is due to well before the next look.
    while (world.nowMs < world.heart.dueMs - 1) world.run(1, 1000);
    const dueMs = world.heart.dueMs;
    while (world.nowMs < dueMs + THRESHOLD_MS) world.nowMs += 1;
    world.run(1000, 50);
    expect(world.told).toEqual([`missed ${THRESHOLD_MS + 1}`]);
  });

  it('tells of an end without a duration where the thread kept it to itself', () => {
    const world = new World();
    world.run(1000, 50);
    const { beat } = world.heart;
    world.isInspected = true;
    world.run(500, 'blocked');
    world.run(500, 50);
    expect(world.told.at(-1)).toBe(`end ${beat} undefined`);
  });

  it('forgets what was late before it began to look', () => {
    const told: string[] = [];
    const tell = (): number => told.push('told');
    const look = createStallWatch(
      () => ({ beat: 8, dueMs: 50, lateBeat: 7, lateMs: 900 }),
      () => 0,
      THRESHOLD_MS,
      { onBegin: tell, onEnd: tell, onMissed: tell },
    );
    look();
    expect(told).toEqual([]);
  });

  describe('that looks while the thread writes the end of a block', () => {
    interface Reading {
      readonly beat: number;
      readonly dueMs: number;
      readonly lateBeat: number;
      readonly lateMs: number;
    }

    /** What is told of the readings, each taken at its time. */
    function toldOf(readings: readonly (Reading & { readonly atMs: number })[]): string[] {
      const told: string[] = [];
      let at = 0;
      const look = createStallWatch(
        () => readings[at]!,
        () => readings[at]!.atMs,
        THRESHOLD_MS,
        {
          onBegin: (beat) => told.push(`begin ${beat}`),
          onEnd: (beat, durationMs) => told.push(`end ${beat} ${durationMs}`),
          onMissed: (durationMs) => told.push(`missed ${durationMs}`),
        },
      );
      for (at = 0; at < readings.length; at++) look();
      return told;
    }

    const working = { atMs: 0, beat: 7, dueMs: 50, lateBeat: -1, lateMs: 0 };
    const blocked = { ...working, atMs: 150 };
    const ended = { beat: 8, dueMs: 1250, lateBeat: 7, lateMs: 200 };

    // The thread stores lateMs, lateBeat, the time that is due, the beat; a look reads the beat first.
    it.each([
      ['nothing yet', working],
      ['how late', { ...working, lateMs: 200 }],
      ['which beat was late', { ...working, lateMs: 200, lateBeat: 7 }],
      ['when the next is due', { ...ended, beat: 7 }],
      ['the beat', ended],
    ])('knows how long it took when the last that it finds is: %s', (_what, torn) => {
      const readings = [working, blocked, { ...torn, atMs: 250 }, { ...ended, atMs: 300 }];
      expect(toldOf(readings)).toEqual(['begin 7', 'end 7 200']);
    });

    it('tells once of one that it had not seen begin', () => {
      const late = { atMs: 150, beat: 7, lateBeat: 7, lateMs: 100 };
      const after = { ...late, atMs: 200, beat: 8, dueMs: 1150 };
      expect(toldOf([working, { ...late, dueMs: 50 }, after])).toEqual(['begin 7', 'end 7 100']);
      expect(toldOf([working, { ...late, dueMs: 1150 }, after])).toEqual(['missed 100']);
    });

    it('tells of both where the next has ended, too, between the words that it reads', () => {
      const torn = { atMs: 285, beat: 7, dueMs: 330, lateBeat: 8, lateMs: 110 };
      const readings = [working, blocked, torn, { ...torn, atMs: 320, beat: 9 }];
      expect(toldOf(readings)).toEqual(['begin 7', 'end 7 100', 'missed 110']);
    });
  });
});
