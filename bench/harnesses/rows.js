/** What every harness produces: one row for each run, with plain numbers. Raw rows are kept in the JSON. */

/**
 * @typedef {object} Row
 * @property {string} harness
 * @property {string} subject The workload, the kind of entry, or what else the run was about.
 * @property {string} arm Name of the arm; `-` where there is none.
 * @property {number} round
 * @property {Readonly<Record<string, number>>} values
 */

/**
 * What a harness is given.
 *
 * @typedef {object} HarnessContext
 * @property {import('../plan.js').Plan} plan
 * @property {readonly import('../arms.js').Arm[]} arms
 * @property {import('../machine/measured-node.js').MeasuredNode} node
 * @property {number} seed
 * @property {import('../workloads/workloads.js').Resources} resources
 * @property {(line: string) => void} progress
 */

/** @typedef {(context: HarnessContext) => Promise<Row[]>} Harness */

export {};
