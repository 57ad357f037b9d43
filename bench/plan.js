/**
 * How long things run: a quick look (under 3 minutes in all) and the run whose figures may be quoted (under
 * 30). A claim wants at least 6 rounds; many short processes say more than few long ones, because identical
 * processes differ by 1–3 µs a request for their whole life.
 */
import { WORKLOADS } from './workloads/workloads.js';

/**
 * @typedef {object} Plan
 * @property {string} name
 * @property {{ rounds: number, workloads: readonly string[], settleMs: number, warmUpMs: number, measureMs: number }} inMemory
 * @property {{ rounds: number, workloads: readonly string[], settleMs: number, warmUpRequests: number, measureMs: number, ratePerSecond: number }} loopback
 * @property {{ rounds: number }} startUp
 * @property {{ rounds: number, groupsAtOnce: number, settleMs: number, idleMs: number }} resting
 * @property {{ isOn: boolean, rounds: number, settleMs: number, ratePerSecond: number, durationMs: number }} sustained
 * @property {{ rounds: number, taskMs: number }} micro
 * @property {{ rounds: number, withOtlp: boolean }} wire withOtlp: the other encodings, installed from npm.
 */

const ALL_WORKLOADS = WORKLOADS.map(({ name }) => name);
/** RSS is read this long after the application is up. */
const RESTING_SETTLE_MS = 3000;

/** @type {Plan} */
const QUICK = {
  name: 'quick',
  inMemory: {
    rounds: 6,
    workloads: ['fastify-hello', 'express-json'],
    settleMs: 500,
    warmUpMs: 400,
    measureMs: 350,
  },
  loopback: {
    rounds: 6,
    workloads: ['fastify-hello'],
    settleMs: 500,
    warmUpRequests: 6000,
    measureMs: 1000,
    ratePerSecond: 1500,
  },
  startUp: { rounds: 8 },
  resting: { rounds: 6, groupsAtOnce: 6, settleMs: RESTING_SETTLE_MS, idleMs: 10_000 },
  sustained: {
    // Only when asked for by name.
    isOn: false,
    rounds: 6,
    settleMs: 500,
    ratePerSecond: 1_000_000,
    durationMs: 2000,
  },
  micro: { rounds: 6, taskMs: 30 },
  wire: { rounds: 6, withOtlp: false },
};

/** @type {Plan} */
const FULL = {
  name: 'full',
  inMemory: {
    rounds: 14,
    workloads: ALL_WORKLOADS,
    settleMs: 1000,
    warmUpMs: 1500,
    measureMs: 2500,
  },
  loopback: {
    rounds: 6,
    workloads: ALL_WORKLOADS,
    settleMs: 1000,
    warmUpRequests: 20_000,
    // One window of the agent (10 s), so that each run pays for exactly one batch.
    measureMs: 10_000,
    ratePerSecond: 1500,
  },
  startUp: { rounds: 16 },
  resting: { rounds: 8, groupsAtOnce: 4, settleMs: RESTING_SETTLE_MS, idleMs: 30_000 },
  sustained: {
    isOn: true,
    rounds: 6,
    settleMs: 1000,
    ratePerSecond: 1_000_000,
    durationMs: 10_000,
  },
  micro: { rounds: 8, taskMs: 200 },
  wire: { rounds: 8, withOtlp: true },
};

/**
 * The plan for a command line: what it does not say stays as it is.
 *
 * @param {import('./arguments.js').BenchArguments} args
 * @returns {Plan}
 */
export function planFor({ quick, rounds, workloads, harnesses }) {
  const base = quick ? QUICK : FULL;
  const named = workloads === undefined ? {} : { workloads };
  const counted = rounds === undefined ? {} : { rounds };
  return {
    name: base.name,
    inMemory: { ...base.inMemory, ...named, ...counted },
    loopback: { ...base.loopback, ...named, ...counted },
    startUp: { ...base.startUp, ...counted },
    resting: { ...base.resting, ...counted },
    sustained: {
      ...base.sustained,
      ...counted,
      isOn: base.sustained.isOn || harnesses?.includes('sustained') === true,
    },
    micro: { ...base.micro, ...counted },
    wire: { ...base.wire, ...counted },
  };
}
