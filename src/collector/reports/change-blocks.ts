/** Changes of a report as blocks: by how much, since when, with which deploy, why, and where. Pure. */
import type { Calendar } from './calendar.js';
import type { ArrivalRow } from './changes.js';
import { type Block, type Cell, cell, type Tone } from './report-document.js';
import type { ChangeGroup, ExplainedChange } from './report-model.js';
import { changeText, count, items as itemsOf, place, seconds, short } from './wording.js';

export function changeBlocks(
  title: string,
  groups: readonly ChangeGroup[],
  none: string,
  calendar: Calendar,
): Block[] {
  const heading: Block = { type: 'heading', text: title };
  if (groups.length === 0) return [heading, { type: 'text', text: none, tone: 'dim' }];
  return [heading, ...groups.flatMap((group) => groupBlocks(group, calendar))];
}

function groupBlocks(
  { sinceMs, deploy, blockedBy, rows }: ChangeGroup,
  calendar: Calendar,
): Block[] {
  const since =
    sinceMs === null ? 'No step stands out' : `Since ${calendar.clockOf(sinceMs)} (±1 h)`;
  const version =
    deploy === null
      ? 'no deploy near it'
      : `deploy of ${deploy.version} at ${calendar.clockOf(deploy.atMs)}`;
  const blocks: Block[] = [
    { type: 'text', text: `${since} · ${version}` },
    {
      type: 'table',
      columns: [
        { title: '', align: 'left' },
        { title: 'Change', align: 'left' },
        { title: 'Before', align: 'right' },
        { title: 'Since', align: 'right' },
        { title: 'Costs', align: 'right' },
      ],
      rows: rows.map(rowCells),
    },
  ];
  const items = rows.flatMap(explanation);
  if (blockedBy !== null) {
    const text = `Since then the event loop is blocked at ${place(blockedBy)}: ${itemsOf(blockedBy.count, 'time')}, ${seconds(blockedBy.max)} at most`;
    items.push(cell(text));
  }
  if (items.length > 0) blocks.push({ type: 'list', items });
  return blocks;
}

function rowCells(row: ExplainedChange): Cell[] {
  const { kind, name, verdict, statistic, cause } = row;
  const { ratio, low, high, before, after } = row.effect ?? row;
  const tone: Tone = verdict === 'slower' ? 'bad' : 'good';
  const change =
    ratio === null || low === null || high === null ? '' : changeText(ratio, low, high);
  return [
    cell(`${kind} ${short(name)}`),
    cell(`${change} ${statistic}`, tone),
    cell(seconds(before)),
    cell(seconds(after)),
    cell(cause === null ? '' : causeText(cause.latency)),
  ];
}

function causeText(latency: number): string {
  return latency > -5e-7 ? `+${seconds(latency)}` : `−${seconds(-latency)}`;
}

function explanation({ name, cause, code, why }: ExplainedChange): Cell[] {
  const parts: string[] = [];
  if (why !== null) parts.push(why);
  if (code !== null) parts.push(`at ${place(code)}`);
  if (cause !== null) {
    parts.push(
      `time in all: volume ${causeText(cause.volume)}, mix ${causeText(cause.mix)}, latency ${causeText(cause.latency)}`,
    );
  }
  return parts.length === 0 ? [] : [cell(`${short(name, 60)} – ${parts.join(' – ')}`)];
}

export function continuingBlocks(rows: readonly ExplainedChange[], calendar: Calendar): Block[] {
  if (rows.length === 0) return [];
  return [
    { type: 'heading', text: 'Told before, and still so' },
    {
      type: 'list',
      items: rows.map(({ kind, name, sinceMs, code }) => {
        const since = sinceMs === null ? '' : `, since ${calendar.clockOf(sinceMs)}`;
        const where = code === null ? '' : `, at ${place(code)}`;
        return cell(`${kind} ${short(name)}${since}${where}`);
      }),
    },
  ];
}

export function arrivalBlocks(
  appeared: readonly ArrivalRow[],
  vanished: readonly ArrivalRow[],
): Block[] {
  const line = ({ kind, name, calls, total }: ArrivalRow): string =>
    `${kind} ${short(name)} (${count(calls)} calls, ${seconds(total)})`;
  const items = [
    ...appeared.map((row) => cell(`new: ${line(row)}`)),
    ...vanished.map((row) => cell(`gone: ${line(row)}`, 'dim')),
  ];
  const body: Block =
    items.length === 0 ? { type: 'text', text: 'None.', tone: 'dim' } : { type: 'list', items };
  return [{ type: 'heading', text: 'New and vanished' }, body];
}
