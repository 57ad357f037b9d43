/**
 * What an application pays that does nothing: memory a few seconds after its start, CPU and wake-ups while idle. CPU
 * twice, because V8 compacts a heap that has come to rest once, some 8 s after its start: not what a quiet hour costs.
 * Several groups of arms rest side by side: they hardly disturb each other, and it saves minutes.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { processCpuUs, residentBytes, wakeUps } from '../machine/proc.js';
import { startArmProcess } from '../processes/arm-process.js';
import { armOrder } from './run-rounds.js';

/** @typedef {Pick<import('../plan.js').Plan['resting'], 'settleMs' | 'idleMs' | 'pauseMs'>} Times */

const WORKLOAD = 'http-hello';

/** @type {import('./rows.js').Harness} */
export async function resting(context) {
  const { rounds, groupsAtOnce } = context.plan.resting;
  const order = armOrder(context.arms, rounds, context.seed, 'resting');
  const rows = [];
  for (let first = 0; first < rounds; first += groupsAtOnce) {
    const groups = order.slice(first, first + groupsAtOnce);
    context.progress(
      `resting rounds ${first + 1}–${first + groups.length}/${rounds}: ${groups.flat().length} processes side by side`,
    );
    rows.push(...(await rest(context.plan.resting, groups, first)));
  }
  return rows;
}

/**
 * @param {Times} times
 * @param {import('../arms.js').Arm[][]} groups
 * @param {number} first Number of the first group's round.
 */
async function rest(times, groups, first) {
  const runs = [];
  for (const [index, arms] of groups.entries()) {
    for (const arm of arms) {
      const child = await startArmProcess(arm, 'server.js', { workload: WORKLOAD });
      await child.nextMessage();
      runs.push({ arm, child, round: first + index, values: restOne(child.pid, times) });
    }
  }
  /** @type {import('./rows.js').Row[]} */
  const rows = [];
  for (const { arm, child, round, values } of runs) {
    rows.push({
      harness: 'resting',
      subject: 'idle server',
      arm: arm.name,
      round,
      values: await values,
    });
    await child.finish(0);
  }
  return rows;
}

/**
 * @param {number} pid
 * @param {Times} times
 */
async function restOne(pid, { settleMs, idleMs, pauseMs }) {
  await sleep(settleMs);
  const rssBytes = residentBytes(pid);
  const first = await idle(pid, idleMs);
  await sleep(pauseMs);
  const lasting = await idle(pid, idleMs);
  return {
    rssBytes,
    idleCpuPercent: first.cpuPercent,
    lastingIdleCpuPercent: lasting.cpuPercent,
    wakeUpsPerSecond: lasting.wakeUpsPerSecond,
  };
}

/**
 * @param {number} pid
 * @param {number} idleMs
 */
async function idle(pid, idleMs) {
  const before = { cpuUs: processCpuUs(pid), wakeUps: wakeUps(pid), atMs: performance.now() };
  await sleep(idleMs);
  const elapsedMs = performance.now() - before.atMs;
  return {
    cpuPercent: (processCpuUs(pid) - before.cpuUs) / (elapsedMs * 10),
    wakeUpsPerSecond: ((wakeUps(pid) - before.wakeUps) * 1000) / elapsedMs,
  };
}
