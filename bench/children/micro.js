/**
 * Child of the micro harness: times one task and prints ns a call. A process of its own for each, because what
 * ran before decides how the engine compiled what they share. Task: { name, seed, taskMs }.
 */
import { Bench } from 'tinybench';
import { MICRO_TASKS } from '../micro/tasks.js';
import { createRandom } from '../statistics/random.js';

const { name, seed, taskMs } = JSON.parse(process.argv[2] ?? '{}');
const task = MICRO_TASKS.find((row) => row.name === name);
if (task === undefined) throw new Error(`no micro task ${name}`);

const bench = new Bench({ time: taskMs, warmupTime: taskMs, iterations: 20, throws: true });
const timed = await task.setup(createRandom(seed, name));
if (typeof timed === 'function') bench.add(name, timed, { async: false });
else bench.add(name, timed.run, { async: true, beforeEach: timed.prepare });
await bench.run();
const result = bench.getTask(name)?.result;
if (result?.state !== 'completed') {
  throw new Error(`${name}: expected a result, got ${result?.state}`);
}
// The mean, not the median: garbage collection is part of the price.
console.log(JSON.stringify({ [name]: (result.latency.mean * 1e6) / task.calls }));
