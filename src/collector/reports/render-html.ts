/**
 * A report as an HTML mail: one table of 680 px, styles inline, bars from table cells, no image, no script, no
 * address that is fetched. Pure. Texts are escaped for elements; of what is in an attribute all is this program's own.
 * Light colours are stated outright, because mail clients that turn dark do it by themselves. On a phone a table's
 * rows are blocks, a line a cell, with the column's title before it; a client without media queries shows a wide mail.
 */

import { safeText } from './render-terminal.js';
import type { Block, Cell, Column, ReportDocument, Tile, Tone } from './report-document.js';

const FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const MONO = "font-family:ui-monospace,Menlo,Consolas,'Courier New',monospace";
const INK = '#1f2933';
const MUTED = '#5f6b7a';
const LINE = '#e4e7eb';
const BAR = '#4c7bd9';
const BAR_PX = 110;

/** 4.5:1 at least on white. */
const COLOURS: Readonly<Record<Tone, string>> = {
  plain: INK,
  good: '#0b6e3b',
  bad: '#b42318',
  dim: MUTED,
};
/** Below the width at which a table of five columns still fits. */
const PHONE = `@media (max-width:560px){
.page{padding:18px 14px 22px!important}
.tile{display:inline-block!important;box-sizing:border-box;width:50%!important}
.data,.data tbody,.data tr,.data td{display:block!important;width:auto!important}
.data .head{display:none!important}
.data tr{padding:7px 0;border-bottom:1px solid ${LINE}}
.data td{padding:1px 0!important;border:0!important;text-align:left!important;white-space:normal!important;overflow-wrap:anywhere!important}
.data td[data-title]:before{content:attr(data-title) ': ';color:${MUTED}}
.data td[data-title='']:first-child{font-weight:600}
.data td[data-title='']:before{content:''}
.data .bar,.data .bar div{display:inline!important}
.data .bar table{display:none}
}`;
const VERDICT_BACKGROUNDS: Readonly<Record<Tone, string>> = {
  plain: '#f3f5f7',
  good: '#e9f7ef',
  bad: '#fdecea',
  dim: '#f3f5f7',
};

export function renderHtml({ title, subtitle, verdict, blocks }: ReportDocument): string {
  const body = blocks.map(htmlOf).join('\n');
  const verdictStyle =
    `padding:14px 16px;border-left:4px solid ${COLOURS[verdict.tone]};` +
    `background:${VERDICT_BACKGROUNDS[verdict.tone]};color:${COLOURS[verdict.tone]};` +
    `font-size:16px;font-weight:600;line-height:1.4`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light"><title>${escaped(title)}</title>
<style>${PHONE}</style></head>
<body style="margin:0;padding:0;background:#eef1f4">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#eef1f4"><tr><td align="center" style="padding:20px 8px">
<table role="presentation" width="680" cellpadding="0" cellspacing="0" border="0" style="width:100%;max-width:680px;background:#ffffff;border:1px solid ${LINE}">
<tr><td class="page" style="padding:24px 28px 30px;${FONT};color:${INK};font-size:14px;line-height:1.5;overflow-wrap:anywhere">
<h1 style="margin:0;font-size:22px;line-height:1.25">${escaped(title)}</h1>
<p style="margin:4px 0 16px;color:${MUTED};font-size:13px">${escaped(subtitle)}</p>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td style="${verdictStyle}">${escaped(verdict.text)}</td></tr></table>
${body}
<p style="margin:28px 0 0;padding-top:12px;border-top:1px solid ${LINE};color:${MUTED};font-size:12px">Made by Tachograph. A change is told only when the data supports it: 95 % intervals over the same hours of the week.</p>
</td></tr></table>
</td></tr></table>
</body></html>
`;
}

function htmlOf(block: Block): string {
  switch (block.type) {
    case 'heading':
      return `<h2 style="margin:26px 0 8px;padding-bottom:4px;border-bottom:2px solid ${LINE};font-size:16px">${escaped(block.text)}</h2>`;
    case 'text':
      return `<p style="margin:8px 0;color:${COLOURS[block.tone ?? 'plain']}">${escaped(block.text)}</p>`;
    case 'list':
      return `<ul style="margin:8px 0;padding-left:20px">${block.items
        .map(
          ({ text, tone = 'plain' }) =>
            `<li style="margin:3px 0;color:${COLOURS[tone]};word-break:break-word">${escaped(text)}</li>`,
        )
        .join('')}</ul>`;
    case 'code':
      return `<pre style="margin:8px 0;padding:10px 12px;background:#f3f5f7;border:1px solid ${LINE};${MONO};font-size:12px;white-space:pre-wrap;word-break:break-word">${block.text
        .split('\n')
        .map(escaped)
        .join('\n')}</pre>`;
    case 'tiles':
      return tilesOf(block.tiles);
    case 'table':
      return tableOf(block.columns, block.rows);
  }
}

function tilesOf(tiles: readonly Tile[]): string {
  const width = Math.floor(100 / tiles.length);
  const cells = tiles.map(
    ({ label, value, note, tone }) =>
      `<td class="tile" width="${width}%" valign="top" style="padding:10px 12px;border:1px solid ${LINE};background:#fafbfc">` +
      `<div style="color:${MUTED};font-size:12px">${escaped(label)}</div>` +
      `<div style="font-size:20px;font-weight:600;line-height:1.3">${escaped(value)}</div>` +
      `<div style="color:${COLOURS[tone]};font-size:12px">${escaped(note)}</div></td>`,
  );
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:10px 0;border-collapse:collapse"><tr>${cells.join('')}</tr></table>`;
}

function tableOf(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const head = columns
    .map(
      ({ title, align }) =>
        `<th align="${align}" scope="col" style="padding:5px 8px 5px 0;border-bottom:1px solid ${LINE};color:${MUTED};font-size:12px;font-weight:600;text-align:${align};white-space:nowrap">${escaped(title)}</th>`,
    )
    .join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell, index) => cellOf(cell, columns[index]!)).join('')}</tr>`)
    .join('\n');
  return `<table class="data" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0;border-collapse:collapse;font-size:13px"><tr class="head">${head}</tr>\n${body}</table>`;
}

function cellOf({ text, tone = 'plain', bar }: Cell, { title, align }: Column): string {
  const style = `padding:6px 10px 6px 0;border-bottom:1px solid ${LINE};color:${COLOURS[tone]};text-align:${align};vertical-align:top;overflow-wrap:normal;${wrapOf(text, align)}`;
  const content = bar === undefined ? escaped(text) : barOf(text, bar);
  const name = bar === undefined ? '' : ' class="bar"';
  return `<td${name} data-title="${escaped(title)}" align="${align}" style="${style}">${content}</td>`;
}

/** A number stays with its unit; a name is broken within a word only where one would widen the mail. */
function wrapOf(text: string, align: Column['align']): string {
  if (align === 'right') return 'white-space:nowrap';
  return /\S{32}/.test(text) ? 'word-break:break-all' : 'word-break:normal';
}

/** A coloured cell as wide as the share, and one beside it that is empty: every mail client draws cells. */
function barOf(text: string, share: number): string {
  const width = Math.round(share * BAR_PX);
  const part = (pixels: number, colour: string): string =>
    pixels === 0
      ? ''
      : `<td width="${pixels}" height="8" bgcolor="${colour}" style="width:${pixels}px;height:8px;font-size:0;line-height:0;background:${colour}">&nbsp;</td>`;
  return (
    `<div style="white-space:nowrap">${escaped(text)}</div>` +
    `<table role="presentation" width="${BAR_PX}" cellpadding="0" cellspacing="0" border="0" style="width:${BAR_PX}px;margin-top:3px"><tr>` +
    `${part(width, BAR)}${part(BAR_PX - width, LINE)}</tr></table>`
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return safeText(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
