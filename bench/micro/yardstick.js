/**
 * A fixed piece of work that no change of ours makes faster or slower: integer arithmetic, look-ups by string, short
 * strings and small objects, as the agent's own code is made of. Times of two runs are compared in multiples of it.
 * It must never change, or the baseline has to be made anew.
 */

const CALLS = 1000;
const KEYS = 64;

/** @type {readonly import('./tasks.js').MicroTask[]} */
export const yardstickTasks = [
  {
    name: 'yardstickNs',
    calls: CALLS,
    setup: () => {
      const keys = Array.from({ length: KEYS }, (_, i) => `/yardstick/${i}`);
      const table = new Map(keys.map((key, i) => [key, { id: i, count: 0 }]));
      const slots = new Uint32Array(1024);
      return () => {
        let hash = 0x811c9dc5;
        for (let i = 0; i < CALLS; i++) {
          hash = Math.imul(hash ^ i, 0x01000193) >>> 0;
          const entry = table.get(/** @type {string} */ (keys[hash % KEYS]));
          if (entry === undefined) throw new Error('yardstick: expected every key to be found');
          const slot = hash & 1023;
          slots[slot] = /** @type {number} */ (slots[slot]) + entry.id;
          if (i % 16 === 0) table.set(`/yardstick/${entry.id}`, { id: entry.id, count: i });
        }
      };
    },
  },
];
