/**
 * How long things run: a quick look (under 3 minutes in all) and the run whose figures may be quoted (under an
 * hour). A claim wants at least 6 rounds; many short processes say more than few long ones, because identical
 * processes differ by 1–3 µs a request for their whole life.
 */
import { HARNESS_NAMES } from './harnesses/names.js';
import { WORKLOADS, workloadNamed } from './workloads/workloads.js';

/**
 * @typedef {object} Plan
 * @property {string} name
 * @property {readonly string[]} harnesses
 * @property {readonly string[]} leftOut Workloads that want a database where there is none.
 * @property {{ rounds: number, workloads: readonly string[], settleMs: number, warmUpMs: number, measureMs: number }} inMemory
 * @property {{ rounds: number, workloads: readonly string[], settleMs: number, warmUpRequests: number, warmUpMsMax: number, measureMs: number, ratePerSecond: number }} loopback
 * @property {{ rounds: number, withLibraries: boolean }} startUp
 * @property {{ rounds: number, groupsAtOnce: number, settleMs: number, idleMs: number, pauseMs: number }} resting idleMs: twice, with
 *   pauseMs between them.
 * @property {{ rounds: number, settleMs: number, warmUpRequests: number, measureMs: number, ratePerSecond: number }} stall
 * @property {{ rounds: number, settleMs: number, ratePerSecond: number, durationMs: number }} sustained
 * @property {{ rounds: number, taskMs: number }} micro
 * @property {{ ratePerSecond: number, lengthMs: number }} growth
 * @property {{ rounds: number, workloads: readonly string[], settleMs: number, shortMs: number, longMs: number }} instructions shortMs,
 *   longMs: what the two runs would take outside of callgrind.
 * @property {{ rounds: number, withOtlp: boolean }} wire withOtlp: the other encodings, installed from npm.
 */

/** many-routes is there for growth. */
const USUAL_WORKLOADS = WORKLOADS.map(({ name }) => name).filter((name) => name !== 'many-routes');
/** They take their time: only by name. */
const BY_NAME_ONLY = ['growth', 'instructions'];
const USUAL_HARNESSES = HARNESS_NAMES.filter((name) => !BY_NAME_ONLY.includes(name));
/** RSS is read this long after the application is up. */
const RESTING_SETTLE_MS = 3000;

/** A little more than a window of the agent (10 s), so that each run meets the end of one. */
const STALL = {
  rounds: 6,
  settleMs: 1500,
  warmUpRequests: 3000,
  measureMs: 11_000,
  ratePerSecond: 500,
};
/** Enough of the first run for V8 to have optimised what it will. */
const INSTRUCTIONS = {
  rounds: 6,
  workloads: ['fastify-hello', 'erp-order-page'],
  settleMs: 3000,
  shortMs: 600,
  longMs: 1200,
};
const GROWTH = { ratePerSecond: 500, lengthMs: 600_000 };

/** @type {Plan} */
const QUICK = {
  name: 'quick',
  harnesses: USUAL_HARNESSES.filter((name) => name !== 'stall' && name !== 'sustained'),
  leftOut: [],
  // Less of a warm-up measures the compiler: 4.5 µs where the full plan finds 1.4.
  inMemory: {
    rounds: 6,
    workloads: ['fastify-hello'],
    settleMs: 500,
    warmUpMs: 1500,
    measureMs: 1000,
  },
  loopback: {
    rounds: 6,
    workloads: ['fastify-hello'],
    settleMs: 500,
    warmUpRequests: 6000,
    warmUpMsMax: 1000,
    measureMs: 1000,
    ratePerSecond: 1500,
  },
  startUp: { rounds: 8, withLibraries: false },
  // A heap comes to rest some 8 s after its last growth, without an agent too: in the pause.
  resting: {
    rounds: 6,
    groupsAtOnce: 6,
    settleMs: RESTING_SETTLE_MS,
    idleMs: 10_000,
    pauseMs: 12_000,
  },
  stall: STALL,
  sustained: {
    rounds: 6,
    settleMs: 500,
    ratePerSecond: 1_000_000,
    durationMs: 2000,
  },
  micro: { rounds: 6, taskMs: 30 },
  wire: { rounds: 6, withOtlp: false },
  growth: GROWTH,
  instructions: INSTRUCTIONS,
};

/** @type {Plan} */
const FULL = {
  name: 'full',
  harnesses: USUAL_HARNESSES,
  leftOut: [],
  inMemory: {
    rounds: 12,
    workloads: USUAL_WORKLOADS,
    settleMs: 1000,
    warmUpMs: 1500,
    measureMs: 2500,
  },
  loopback: {
    rounds: 6,
    workloads: ['fastify-hello', 'erp-order-page'],
    settleMs: 1000,
    warmUpRequests: 20_000,
    // Past the 8th second, when V8 compacts heaps of which little came: a page at 60 a second pays 0.4 ms for it.
    warmUpMsMax: 13_000,
    // One window of the agent (10 s), so that each run pays for exactly one batch.
    measureMs: 10_000,
    ratePerSecond: 1500,
  },
  startUp: { rounds: 16, withLibraries: true },
  resting: {
    rounds: 8,
    groupsAtOnce: 4,
    settleMs: RESTING_SETTLE_MS,
    idleMs: 30_000,
    pauseMs: 0,
  },
  stall: STALL,
  sustained: {
    rounds: 6,
    settleMs: 1000,
    ratePerSecond: 1_000_000,
    durationMs: 10_000,
  },
  micro: { rounds: 8, taskMs: 200 },
  wire: { rounds: 8, withOtlp: true },
  growth: GROWTH,
  instructions: INSTRUCTIONS,
};

/**
 * The plan for a command line: what it does not say stays as it is. A workload that is not asked for by name and
 * wants a database runs only where there is one.
 *
 * @param {Pick<import('./arguments.js').BenchArguments, 'quick' | 'rounds' | 'workloads' | 'harnesses' | 'lengthMs'>} args
 * @param {{ hasDatabase: boolean }} machine
 * @returns {Plan}
 */
export function planFor({ quick, rounds, workloads, harnesses, lengthMs }, { hasDatabase }) {
  const base = withoutMissing(quick ? QUICK : FULL, hasDatabase);
  const named = workloads === undefined ? {} : { workloads };
  const counted = rounds === undefined ? {} : { rounds };
  return {
    name: base.name,
    harnesses: harnesses ?? base.harnesses,
    leftOut: workloads === undefined ? base.leftOut : [],
    inMemory: { ...base.inMemory, ...named, ...counted },
    loopback: { ...base.loopback, ...named, ...counted },
    startUp: { ...base.startUp, ...counted },
    resting: { ...base.resting, ...counted },
    stall: { ...base.stall, ...counted },
    sustained: { ...base.sustained, ...counted },
    micro: { ...base.micro, ...counted },
    wire: { ...base.wire, ...counted },
    instructions: { ...base.instructions, ...named, ...counted },
    growth: { ...base.growth, ...(lengthMs === undefined ? {} : { lengthMs }) },
  };
}

/**
 * @param {Plan} plan
 * @param {boolean} hasDatabase
 * @returns {Plan}
 */
function withoutMissing(plan, hasDatabase) {
  const isMissing = (/** @type {string} */ name) =>
    !hasDatabase && workloadNamed(name).needsDatabase === true;
  const { inMemory, loopback, instructions } = plan;
  /** @type {<Part extends { workloads: readonly string[] }>(part: Part) => Part} */
  const without = (part) => ({
    ...part,
    workloads: part.workloads.filter((name) => !isMissing(name)),
  });
  return {
    ...plan,
    leftOut: [...new Set([...inMemory.workloads, ...loopback.workloads])].filter(isMissing),
    inMemory: without(inMemory),
    loopback: without(loopback),
    instructions: without(instructions),
  };
}

/**
 * How each harness of the plan measures, but for how often and what: an earlier run that did so otherwise is no
 * measure for this one.
 *
 * @param {Plan} plan
 * @returns {Record<string, Record<string, unknown>>} By the harness's name.
 */
export function timesOf(plan) {
  /** @type {Record<string, unknown>} */
  const parts = { ...plan };
  return Object.fromEntries(
    plan.harnesses.map((name) => {
      const part = parts[name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())];
      const kept = Object.entries(part ?? {}).filter(
        ([key]) => key !== 'rounds' && key !== 'workloads',
      );
      return [name, Object.fromEntries(kept)];
    }),
  );
}

/**
 * Whether a harness of the plan runs a workload that wants a database.
 *
 * @param {Plan} plan
 */
export function needsDatabase({ harnesses, inMemory, loopback, instructions }) {
  return [
    { name: 'in-memory', workloads: inMemory.workloads },
    { name: 'loopback', workloads: loopback.workloads },
    { name: 'instructions', workloads: instructions.workloads },
  ]
    .filter(({ name }) => harnesses.includes(name))
    .some(({ workloads }) => workloads.some((name) => workloadNamed(name).needsDatabase));
}
