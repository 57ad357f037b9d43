/**
 * `npm run check:statistics [-- --seed N --trials N]`: the rates that docs/guides/reports.md states, over
 * 1,000 simulated weeks. Exit code 1 when one is missed.
 */
import { parseArgs } from 'node:util';
import { distanceOfChangePoint, sharesOf, verdictOfWeek } from './trials.js';

const FALSE_POSITIVES_MAX = 0.05;
const POWER_MIN = 0.8;
const NEAR_HOURS = 2;
const NEAR_MIN = 0.9;
const WRONG_MAX = 0.005;
/** As a review has them, and as one has them that was installed a week before. */
const WEEKS_OF_HISTORY = [3, 1] as const;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20261123' },
    trials: { type: 'string', default: '1000' },
  },
});
const seed = Number(values.seed);
const trials = Number(values.trials);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
let isMissed = false;
const hold = (what: string, value: number, isHeld: boolean, bar: string): void => {
  if (!isHeld) isMissed = true;
  print(`${isHeld ? 'holds ' : 'missed'}  ${what}: ${percent(value)} (bar ${bar})`);
};
const many = <Result>(count: number, one: (seed: number) => Result): Result[] =>
  Array.from({ length: count }, (_, index) => one(seed + index));

print(`seed ${seed}, ${trials} weeks against the weeks before, 10,000 requests a day`);
const same = sharesOf(many(trials, (each) => verdictOfWeek(each, 1)));
print(`A/A: unchanged ${percent(same.unchanged)}, noisy ${percent(same.noisy)}`);
const falsePositives = same.slower + same.faster;
const bar = `at most ${percent(FALSE_POSITIVES_MAX)}`;
hold('A/A false positives', falsePositives, falsePositives <= FALSE_POSITIVES_MAX, bar);
const fewer = sharesOf(many(Math.ceil(trials / 2), (each) => verdictOfWeek(each, 1, 1000)));
const ofFewer = fewer.slower + fewer.faster;
hold('A/A false positives at 1,000 a day', ofFewer, ofFewer <= FALSE_POSITIVES_MAX, bar);

const share = Math.ceil(trials / 3);
for (const factor of [1.1, 1.2, 1 / 1.1]) {
  const found = sharesOf(many(share, (each) => verdictOfWeek(each, factor)));
  const power = factor > 1 ? found.slower : found.faster;
  const wrong = factor > 1 ? found.faster : found.slower;
  const by = percent(factor - 1);
  hold(`power at ${by}`, power, power >= POWER_MIN, `at least ${percent(POWER_MIN)}`);
  hold(`wrong sign at ${by}`, wrong, wrong <= WRONG_MAX, `at most ${percent(WRONG_MAX)}`);
}
for (const factor of [1.1, 1.2, 1.5]) {
  for (const weeks of WEEKS_OF_HISTORY) {
    const distances = many(share, (each) => distanceOfChangePoint(each, factor, weeks + 1));
    const near = distances.filter((hours) => hours !== undefined && hours <= NEAR_HOURS).length;
    const none = distances.filter((hours) => hours === undefined).length;
    const what = `change point within ${NEAR_HOURS} h at +${percent(factor - 1)}, ${weeks} weeks before it (${none} unseen)`;
    hold(what, near / share, near / share >= NEAR_MIN, `at least ${percent(NEAR_MIN)}`);
  }
}
process.exitCode = isMissed ? 1 : 0;
