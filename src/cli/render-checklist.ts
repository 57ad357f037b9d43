/** The checklist for a terminal and as Markdown: what needs attention is open, the rest is a line each. Pure. */
import type { Checklist, ChecklistItem, ItemState } from '../collector/checklist/checklist.js';
import { safeName } from './format-value.js';
import { escapedMarkdown, wrapped } from './report-format.js';
import type { Paint } from './table.js';

const MARKS: Readonly<Record<ItemState, string>> = { ok: '✓', attention: '!', 'cannot tell': '?' };
const STYLES = { ok: 'green', attention: 'yellow', 'cannot tell': 'dim' } as const;
const INDENT = '      ';

export function humanChecklist(lists: readonly Checklist[], width: number, paint: Paint): string {
  const lines = lists.flatMap(({ title, items }, index) => [
    ...(index === 0 ? [] : ['']),
    `${paint('bold', title)}  ${paint('dim', countsOf(items))}`,
    ...items.flatMap((item) => itemLines(item, width, paint)),
  ]);
  return `${lines.join('\n')}\n`;
}

function itemLines({ title, state, reason, evidence }: ChecklistItem, width: number, paint: Paint) {
  const style = STYLES[state];
  const mark = state === 'ok' ? 'ok' : state;
  const head = `  ${paint(style, MARKS[state])} ${title}: ${paint(style, mark)}`;
  const shown = state === 'cannot tell' ? [] : evidence;
  return [
    head,
    ...wrapped(reason, width, INDENT),
    ...shown.flatMap((line) => {
      const [first = '', ...rest] = wrapped(line, width, `${INDENT}  `);
      return [first.replace(`${INDENT}  `, `${INDENT}- `), ...rest];
    }),
  ].map((line, index) => (index === 0 || state !== 'cannot tell' ? line : paint('dim', line)));
}

function countsOf(items: readonly ChecklistItem[]): string {
  const of = (state: ItemState): number => items.filter((item) => item.state === state).length;
  return `${of('ok')} ok, ${of('attention')} attention, ${of('cannot tell')} cannot tell`;
}

export function markdownChecklist(lists: readonly Checklist[]): string {
  const lines = lists.flatMap(({ title, items }) => [
    `## ${escapedMarkdown(safeName(title))}`,
    '',
    countsOf(items),
    '',
    ...items.flatMap(({ title: name, state, reason, evidence }) => [
      `- ${state === 'ok' ? '[x]' : '[ ]'} **${escapedMarkdown(name)}: ${state}.** ${escapedMarkdown(reason)}`,
      ...evidence.map((line) => `  - ${escapedMarkdown(line)}`),
    ]),
    '',
  ]);
  return ['# Checklist', '', ...lines].join('\n');
}
