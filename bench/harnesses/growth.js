/**
 * Resident memory over a long time under a steady load with as many series as the agent keeps: whether it grows. One
 * process without the agent and one with it, side by side: the slope is each one's own.
 *
 * Bounds: one number a second and process; POINTS_MAX points of them are judged.
 */
import { residentBytes } from '../machine/proc.js';
import { startArmProcess } from '../processes/arm-process.js';
import { loopbackPool, poissonArrivals, runOpenLoop } from '../processes/open-loop.js';
import { median } from '../statistics/quantile.js';
import { createRandom } from '../statistics/random.js';
import { theilSen } from '../statistics/theil-sen.js';
import { MANY_ROUTES } from '../workloads/workloads.js';

const WORKLOAD = 'many-routes';
const STEP_MS = 1000;
/** Heaps find their size first: this share of the time, at most SETTLE_MS_MAX, is not judged. */
const SETTLE_SHARE = 0.25;
const SETTLE_MS_MAX = 300_000;
/** Each is the median of its share of the time, so that single collections of garbage do not count. */
const POINTS_MAX = 60;
const PROGRESS_STEPS = 10;
const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;

/** @type {import('./rows.js').Harness} */
export async function growth(context) {
  // More of them side by side would want more processors than there are.
  const arms = context.arms.filter(({ role }) => role === 'baseline' || role === 'treatment');
  const rows = await Promise.all(arms.map((arm) => runOnce(context, arm)));
  return rows.flat();
}

/**
 * @param {import('./rows.js').HarnessContext} context
 * @param {import('../arms.js').Arm} arm
 * @returns {Promise<import('./rows.js').Row[]>}
 */
async function runOnce({ plan, seed, progress }, arm) {
  const { ratePerSecond, lengthMs } = plan.growth;
  const random = createRandom(seed, `growth ${arm.name}`);
  const child = await startArmProcess(arm, 'server.js', { workload: WORKLOAD });
  const { port } = await child.nextMessage();
  const pool = loopbackPool(port);
  const target = { path: () => `/routes/${Math.floor(random() * MANY_ROUTES)}` };
  /** @type {{ x: number, y: number }[]} ms and bytes */
  const samples = [];
  let sent = 0;
  const startMs = performance.now();
  for (let atMs = 0; atMs < lengthMs; atMs = performance.now() - startMs) {
    const arrivals = poissonArrivals(ratePerSecond, STEP_MS, random);
    await runOpenLoop(pool, target, arrivals);
    sent += arrivals.length;
    samples.push({ x: performance.now() - startMs, y: residentBytes(child.pid) });
    if (samples.length % PROGRESS_STEPS === 0) {
      const mb = ((samples.at(-1)?.y ?? 0) / MIB).toFixed(1);
      progress(
        `growth ${arm.name} ${(atMs / 60_000).toFixed(1)} of ${lengthMs / 60_000} min: ${mb} MB`,
      );
    }
  }
  await pool.close();
  await child.finish(sent);
  const values = growthOf(samples, lengthMs);
  return [{ harness: 'growth', subject: WORKLOAD, arm: arm.name, round: 0, values }];
}

/**
 * @param {readonly { x: number, y: number }[]} samples ms from the start and bytes, ascending.
 * @param {number} lengthMs
 */
export function growthOf(samples, lengthMs) {
  const settledMs = Math.min(lengthMs * SETTLE_SHARE, SETTLE_MS_MAX);
  const settled = samples.filter(({ x }) => x >= settledMs);
  const size = Math.max(1, Math.ceil(settled.length / POINTS_MAX));
  const points = Array.from({ length: Math.ceil(settled.length / size) }, (_, index) => {
    const part = settled.slice(index * size, (index + 1) * size);
    return { x: median(part.map(({ x }) => x)), y: median(part.map(({ y }) => y)) };
  });
  const { slope, low, high } = theilSen(points);
  return {
    slopeBytesPerHour: slope * HOUR_MS,
    slopeBytesPerHourLow: low * HOUR_MS,
    slopeBytesPerHourHigh: high * HOUR_MS,
    points: points.length,
    firstBytes: points[0]?.y ?? 0,
    lastBytes: points.at(-1)?.y ?? 0,
  };
}
