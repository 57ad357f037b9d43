/** The sections of a report that are tables of figures, as blocks. Pure. */
import type { Recommendation, Vital } from './evidence.js';
import { type Block, barCell, type Cell, type Column, cell, type Tile } from './report-document.js';
import type {
  CapacityLine,
  CostLine,
  DatabaseFigures,
  Figures,
  Headline,
  ModuleLine,
  NotJudged,
  Quality,
} from './report-model.js';
import {
  against,
  changeText,
  count,
  items as itemsOf,
  NONE,
  percent,
  place,
  seconds,
  short,
} from './wording.js';

const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });

export function section(title: string, body: readonly Block[], none: string): Block[] {
  const heading: Block = { type: 'heading', text: title };
  return body.length === 0
    ? [heading, { type: 'text', text: none, tone: 'dim' }]
    : [heading, ...body];
}

export function qualityBlocks(quality: Quality, times: readonly string[] = []): Block[] {
  const { hours, hoursWithData, processes, received, notes } = quality;
  const text =
    `Data: ${hoursWithData} of ${itemsOf(hours, 'hour')}, ${itemsOf(processes, 'process', 'processes')}, ` +
    `${itemsOf(received, 'record')} received since ${processes === 1 ? 'its start' : 'their start'}.`;
  const items = [
    ...notes.map((note) => cell(note, 'bad')),
    ...times.map((time) => cell(time, 'dim')),
  ];
  return [
    { type: 'text', text, tone: 'dim' },
    ...(items.length > 0 ? [{ type: 'list', items } as const] : []),
  ];
}

export function headlineBlocks(headline: Headline, beforeTitle: string): Block[] {
  const { now, before, median, verdict, change, cause } = headline;
  const tile = (
    label: string,
    name: keyof Figures,
    show: (value: number | null) => string,
  ): Tile => {
    const { text, tone } = against(now[name], before?.[name], name !== 'requests');
    return { label, value: show(now[name]), note: text, tone };
  };
  const tiles = [
    tile('Requests', 'requests', count),
    tile('p95', 'p95', seconds),
    tile('Mean', 'mean', seconds),
    tile('Errors', 'errorRatio', percent),
  ];
  const rows = FIGURES.map(([label, name, show]): Cell[] => [
    cell(label),
    cell(show(now[name])),
    cell(show(before?.[name] ?? null)),
    ...(median === null ? [] : [cell(show(median[name]))]),
  ]);
  const columns = [left(''), right('Now'), right(beforeTitle)];
  const blocks: Block[] = [
    { type: 'tiles', tiles },
    {
      type: 'table',
      columns: median === null ? columns : [...columns, right('Median of 4 weeks')],
      rows,
    },
  ];
  if (change !== null) {
    const words = verdict === 'slower' || verdict === 'faster' ? verdict : `as a whole ${verdict}`;
    const by = changeText(change.ratio, change.low, change.high);
    blocks.push({
      type: 'text',
      text: `All requests: ${words}; at the same hours of the week ${by}.`,
    });
  }
  if (cause !== null) {
    const part = (value: number): string => `${value >= 0 ? '+' : '−'}${seconds(Math.abs(value))}`;
    const text =
      `Time in all requests ${seconds(now.total)}: volume ${part(cause.volume)}, ` +
      `mix ${part(cause.mix)}, latency ${part(cause.latency)}.`;
    blocks.push({ type: 'text', text });
  }
  return blocks;
}

const FIGURES: readonly (readonly [string, keyof Figures, (value: number | null) => string])[] = [
  ['Requests', 'requests', count],
  ['Requests a day', 'requestsPerDay', count],
  ['Mean', 'mean', seconds],
  ['p50', 'p50', seconds],
  ['p95', 'p95', seconds],
  ['p99', 'p99', seconds],
  ['Longest', 'max', seconds],
  ['Errors', 'errorRatio', percent],
];

export function moduleBlocks(modules: readonly ModuleLine[]): Block[] {
  if (modules.length === 0) return [];
  const most = Math.max(...modules.map(({ total }) => total));
  const columns = [
    left('Module'),
    left('Time in all'),
    left('Against before'),
    right('Calls'),
    right('Errors'),
    left('Slowest (p95)'),
    left('Over budget'),
  ];
  const rows = modules.map((row): Cell[] => {
    const { text, tone } = against(row.total, row.totalBefore);
    return [
      cell(row.module || '(no module)'),
      barCell(seconds(row.total), row.total / most),
      cell(text, tone),
      cell(count(row.calls)),
      cell(percent(row.errorRatio)),
      cell(row.slowest === null ? NONE : `${row.slowest.operation} ${seconds(row.slowest.p95)}`),
      cell(row.breaches.join(', ') || NONE, row.breaches.length > 0 ? 'bad' : 'dim'),
    ];
  });
  return [{ type: 'table', columns, rows }];
}

export function costBlocks(lines: readonly CostLine[]): Block[] {
  if (lines.length === 0) return [];
  const columns = [
    left(''),
    left('Share of time'),
    right('Time in all'),
    right('Calls'),
    right('p95'),
  ];
  const rows = lines.map(({ kind, name, calls, total, share, p95 }): Cell[] => [
    cell(`${kind} ${short(name)}`),
    barCell(percent(share), share),
    cell(seconds(total)),
    cell(count(calls)),
    cell(seconds(p95)),
  ]);
  return [{ type: 'table', columns, rows }];
}

export function databaseBlocks({
  queries,
  mean,
  p95,
  slowQueries,
  slowLimit,
  slowest,
  pools,
}: DatabaseFigures): Block[] {
  if (queries === 0 && pools.length === 0) return [];
  const text =
    `${itemsOf(queries, 'query', 'queries')}, ${seconds(mean)} in the mean, p95 ${seconds(p95)}; ` +
    `${count(slowQueries)} took longer than ${seconds(slowLimit)}.`;
  const items = pools.map(({ pool, used, usedMax, limit, waitingMax }) =>
    cell(
      `pool ${pool || '(unnamed)'}: ${used.toFixed(1)} of ${count(limit)} connections in use, ` +
        `${count(usedMax)} at most, ${count(waitingMax)} waiting at most`,
      waitingMax > 0 ? 'bad' : 'plain',
    ),
  );
  return [
    { type: 'text', text },
    ...costBlocks(slowest),
    ...(items.length > 0 ? [{ type: 'list', items } as const] : []),
  ];
}

export function recommendationBlocks(rows: readonly Recommendation[]): Block[] {
  return rows.flatMap((row): Block[] => {
    const { type, priority, title, finding, fix, costPerDay, confidence, verification, code } = row;
    const where = code === null ? '' : ` at ${place(code)}`;
    const items = [
      cell(`${priority} · ${type}: ${title}${where}`, priority === 'high' ? 'bad' : 'plain'),
      cell(`${finding} ${costOf(costPerDay)} (confidence ${confidence}).`),
      cell(`Fix: ${fix.text}`),
      cell(`Verified by: ${verification}`, 'dim'),
    ];
    const list: Block = { type: 'list', items };
    return fix.code === null ? [list] : [list, { type: 'code', text: fix.code }];
  });
}

/** Of some what they cost is not time. */
function costOf(costPerDay: number): string {
  return costPerDay > 0 ? `Costs ${seconds(costPerDay)} a day` : 'Costs no time that is known';
}

export function fixBlocks(rows: readonly Recommendation[]): Block[] {
  if (rows.length === 0) return [];
  const items = rows.map(({ title, saved }) => {
    if (saved !== null && saved < 0) {
      return cell(`verified fix – ${title}: but its requests take ${seconds(-saved)} a day more`);
    }
    const by = saved === null ? '' : `: saves ${seconds(saved)} a day`;
    return cell(`verified fix – ${title}${by}`, 'good');
  });
  return [{ type: 'list', items }];
}

export function browserBlocks(vitals: readonly Vital[] | null): Block[] {
  if (vitals === null) return [];
  const show = (value: number | null, unit: string): string =>
    unit === 's' ? seconds(value) : value === null ? NONE : String(Math.round(value * 1000) / 1000);
  const rows = vitals.map(({ name, unit, p75, samples, rating, limit }): Cell[] => [
    cell(name),
    cell(show(p75, unit)),
    cell(show(limit, unit)),
    cell(rating ?? NONE, rating === 'good' ? 'good' : rating === 'poor' ? 'bad' : 'plain'),
    cell(count(samples)),
  ]);
  return [
    {
      type: 'table',
      columns: [left('Vital'), right('p75'), right('Limit'), left('Rating'), right('Samples')],
      rows,
    },
  ];
}

export function capacityBlocks(lines: readonly CapacityLine[]): Block[] {
  if (lines.length === 0) return [];
  const rows = lines.map(({ resource, now, peak, perDay, daysToLimit }): Cell[] => [
    cell(resource),
    barCell(percent(now), now),
    cell(percent(peak)),
    cell(
      perDay === null ? 'no trend' : `▲ +${percent(perDay)} a day`,
      perDay === null ? 'dim' : 'plain',
    ),
    cell(
      daysToLimit === null ? NONE : `in ${itemsOf(Math.ceil(daysToLimit), 'day')}`,
      daysToLimit === null ? 'dim' : 'bad',
    ),
  ]);
  return [
    {
      type: 'table',
      columns: [left('Resource'), left('Now'), right('Peak'), left('Trend'), left('At its limit')],
      rows,
    },
  ];
}

export function notJudgedBlocks(rows: readonly NotJudged[]): Block[] {
  if (rows.length === 0) return [];
  return [{ type: 'list', items: rows.map(({ what, why }) => cell(`${what}: ${why}`, 'dim')) }];
}
