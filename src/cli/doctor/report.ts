/**
 * The findings for people and for machines. The one place where text leaves the doctor: names come from
 * processes, servers and files, and none of them may move a terminal's cursor or begin a line.
 */
import { safeName } from '../format-value.js';
import { countOf, type Finding, type Level, type Section } from './finding.js';

const LEVEL_WIDTH = 'attention'.length;
/** A path or an address may be long; an essay is no finding. */
const TEXT_LENGTH_MAX = 1000;
const ESCAPED_IN_JSON = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

export function human(sections: readonly Section[]): string {
  const blocks = sections.map(({ title, findings }) =>
    [printable(title), ...findings.flatMap(linesOf), ''].join('\n'),
  );
  return `${[...blocks, verdict(sections)].join('\n')}\n`;
}

export function json(sections: readonly Section[]): string {
  const text = JSON.stringify({ level: levelOf(sections), sections }, null, 2);
  // JSON escapes control characters below a space only, and somebody will print it on a terminal.
  return `${text.replace(ESCAPED_IN_JSON, escaped)}\n`;
}

export function levelOf(sections: readonly Section[]): Level {
  if (countOf(sections, 'trouble') > 0) return 'trouble';
  return countOf(sections, 'attention') > 0 ? 'attention' : 'ok';
}

function linesOf({ level, found, todo }: Finding): string[] {
  const line = `  ${level.padEnd(LEVEL_WIDTH)}  ${printable(found)}`;
  return todo === '' ? [line] : [line, `${' '.repeat(LEVEL_WIDTH + 4)}→ ${printable(todo)}`];
}

function verdict(sections: readonly Section[]): string {
  const troubles = countOf(sections, 'trouble');
  const attentions = countOf(sections, 'attention');
  if (troubles + attentions === 0) return 'All is well.';
  return `Trouble: ${troubles}. Attention: ${attentions}.`;
}

function printable(text: string): string {
  const shown = safeName(text);
  return shown.length > TEXT_LENGTH_MAX ? `${shown.slice(0, TEXT_LENGTH_MAX)}…` : shown;
}

/** Of a character outside the first plane both halves. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
