/** What reading the clock costs: the floor under any duration. */

const CALLS = 1000;

/** @type {readonly import('./tasks.js').MicroTask[]} */
export const clockTasks = [
  {
    name: 'clockReadNs',
    calls: CALLS,
    setup: () => {
      let newest = 0;
      return () => {
        for (let i = 0; i < CALLS; i++) newest = Math.max(newest, performance.now());
      };
    },
  },
];
