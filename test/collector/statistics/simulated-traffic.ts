/**
 * One route's hours as a business application has them: days and weeks, load that slows, noise that hangs together
 * from hour to hour, bursts, an incident now and then, a second mode, and outliers. Values in µs, by a seed.
 */

import {
  HOUR_MS,
  type HourBins,
  type HourlySeries,
} from '../../../src/collector/statistics/hour-bins.js';
import { createRandom, type Random } from '../../../src/collector/statistics/random.js';
import { hdrLayout, slotOf } from '../../../src/transport/hdr-layout.js';

export const LAYOUT = hdrLayout(2, 1, 2 ** 42);
/** A Monday at 00:00 UTC. */
export const MONDAY_MS = Date.UTC(2026, 10, 2);
export const HOURS_OF_WEEK = 168;

export interface Traffic {
  readonly hours: number;
  readonly requestsPerDay: number;
  /** What latencies are multiplied by in an hour; 1 where nothing was planted. */
  readonly factorAt?: (hour: number) => number;
  /** Median of the fast mode in µs. */
  readonly medianUs?: number;
}

/** By the hour of the day: a business day, with a rest at night. */
const DAY = [
  0.15, 0.1, 0.08, 0.08, 0.1, 0.2, 0.5, 1.0, 1.8, 2.2, 2.3, 2.1, 1.5, 1.8, 2.2, 2.2, 2.0, 1.5, 0.8,
  0.5, 0.4, 0.3, 0.25, 0.2,
];
const WEEKDAYS = [1.15, 1.1, 1.05, 1.05, 1.0, 0.35, 0.3];
/** So that a week has seven times the requests of a day. */
const MEAN_OF_DAY = DAY.reduce((sum, value) => sum + value, 0) / DAY.length;
const MEAN_OF_WEEK = WEEKDAYS.reduce((sum, value) => sum + value, 0) / WEEKDAYS.length;

const BURSTS_PER_WEEK = 3;
const INCIDENTS_PER_WEEK = 0.5;

export function hourOfWeekUtc(timeMs: number): number {
  return Math.floor((timeMs - MONDAY_MS) / HOUR_MS) % HOURS_OF_WEEK;
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export function simulate(traffic: Traffic, random: Random): HourlySeries {
  const { hours, requestsPerDay, factorAt = () => 1, medianUs = 30_000 } = traffic;
  const bursts = new Float64Array(hours).fill(1);
  const incidents = new Float64Array(hours).fill(1);
  for (let hour = 0; hour < hours; hour++) {
    if (random() < BURSTS_PER_WEEK / HOURS_OF_WEEK) {
      const length = 1 + Math.floor(random() * 3);
      bursts.fill(1.5 + 2.5 * random(), hour, hour + length);
    }
    if (random() < INCIDENTS_PER_WEEK / HOURS_OF_WEEK) incidents[hour] = 1.5 + 1.5 * random();
  }
  let volumeNoise = 0;
  let latencyNoise = 0;
  const found: HourBins[] = [];
  for (let hour = 0; hour < hours; hour++) {
    volumeNoise = 0.7 * volumeNoise + 0.08 * normal(random);
    latencyNoise = 0.5 * latencyNoise + 0.025 * normal(random);
    const cycle =
      (DAY[hour % 24]! / MEAN_OF_DAY) * (WEEKDAYS[Math.floor(hour / 24) % 7]! / MEAN_OF_WEEK);
    const load = cycle * Math.exp(volumeNoise) * bursts[hour]!;
    const mean = (load * requestsPerDay) / 24;
    const count = Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)));
    const level = (1 + 0.06 * load) * Math.exp(latencyNoise) * incidents[hour]! * factorAt(hour);
    if (count > 0) found.push(hourOf(hour, count, medianUs * level, random));
  }
  return { layout: LAYOUT, hours: found };
}

/** A latency over the median of the fast mode: two modes, each log-normal. Drawn once, then drawn from. */
const SHAPE = ((): Float64Array => {
  const random = createRandom(1, 'shape');
  return Float64Array.from({ length: 65_536 }, () => {
    return (random() < 0.3 ? 2.5 : 1) * Math.exp(0.5 * normal(random));
  });
})();
const filled = new Float64Array(LAYOUT.slots);

function hourOf(hour: number, count: number, medianUs: number, random: Random): HourBins {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const outlier = random() < 0.001 ? 10 + 40 * random() : 1;
    const shape = SHAPE[Math.floor(random() * SHAPE.length)]!;
    const value = Math.max(1, Math.round(medianUs * shape * outlier));
    filled[slotOf(LAYOUT, value)]! += 1;
    sum += value;
  }
  const found: number[] = [];
  for (let slot = 0; slot < filled.length; slot++) if (filled[slot]! > 0) found.push(slot);
  const slots = Uint32Array.from(found);
  const counts = Float64Array.from(slots, (slot) => filled[slot]!);
  filled.fill(0);
  return { timeMs: MONDAY_MS + hour * HOUR_MS, count, sum, slots, counts };
}
