/** What changed since an earlier run, as Markdown. Everything is shown in the unit and at the speed of this run. */
import { isBusy } from '../machine/describe-machine.js';
import { interval, number, table } from './markdown.js';

/** @typedef {import('../against/changes.js').Change} Change */
/** @typedef {import('./markdown.js').Run} Run */

/**
 * @param {Run} earlier
 * @param {Run} now
 * @param {readonly Change[]} changes
 * @returns {string}
 */
export function renderChanges(earlier, now, changes) {
  const parts = [`## Against the run of ${earlier.date}`, renderNotes(earlier, now).join('\n')];
  if (changes.length === 0) parts.push('The two runs have no figure in common.');
  else parts.push(renderTable(changes));
  for (const change of changes.filter(({ isGrave }) => isGrave)) parts.push(renderGrave(change));
  return `${parts.join('\n\n')}\n`;
}

/**
 * @param {Run} earlier
 * @param {Run} now
 */
function renderNotes({ machine, seed }, now) {
  const notes = [
    `Tachograph ${machine.tachograph} on Node.js ${machine.node}, ${machine.processor}, seed ${seed}.`,
  ];
  if (machine.node.split('.', 1)[0] !== now.machine.node.split('.', 1)[0]) {
    notes.push(
      'Another Node.js costs something else, with the agent and without: nothing can be told.',
    );
  }
  if (machine.processor !== now.machine.processor) {
    notes.push('Another processor: shares of a core cannot be compared, the rest with caution.');
  }
  if (isBusy(machine)) notes.push('**That machine was busy**: its intervals may lie askew.');
  return notes;
}

/** @param {readonly Change[]} changes */
function renderTable(changes) {
  return table(
    ['measure', 'then, at the speed of now', 'now', 'change [95 % interval]', 'verdict'],
    changes.map(({ before, after, difference, verdict }) => [
      `${after.harness}, ${after.subject}: ${after.title}, ${after.unit}`,
      shown(before.cost, after.scale),
      shown(after.cost, after.scale),
      shown(difference, after.scale),
      verdict,
    ]),
  );
}

/** @param {Change} change */
function renderGrave({ before, after, difference }) {
  const grown = number(difference.low * after.scale);
  return (
    `**A regression, certain and large**: ${after.harness}, ${after.subject}: ${after.title} has more than doubled, ` +
    `from ${shown(before.cost, after.scale)} to ${shown(after.cost, after.scale)} ${after.unit}, by at least ${grown}.`
  );
}

/**
 * @param {import('../statistics/bootstrap.js').Interval} of
 * @param {number} scale
 */
function shown({ median, low, high, rounds }, scale) {
  return interval({ median: median * scale, low: low * scale, high: high * scale, rounds });
}
