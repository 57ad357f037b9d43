/**
 * `tachograph top` as text: a pure function of the data and the size of the screen. Without colour it
 * is what a log or a file gets. Names come from services and are neutralised.
 */
import type { GaugeStats, HistogramStats } from '../collector/query/query-request.js';
import {
  cut,
  formatBytes,
  formatCount,
  formatPercent,
  formatSeconds,
  NONE,
  safeName,
} from './format-value.js';
import type { Paint } from './table.js';
import type { TopData } from './top-data.js';
import { otherTables, routeLines, SAMPLES_MIN } from './top-tables.js';

/** Of a table beside the routes: its head and two rows. */
const TABLE_LINES_MIN = 3;

/** At most `height` lines of at most `width` columns. */
export function renderTop(
  data: TopData,
  width: number,
  height: number,
  paint: Paint = (_style, text) => text,
): string {
  const header = [
    paint('bold', cut(titleOf(data), width)),
    cut(loopLine(data), width),
    cut(cpuLine(data), width),
    cut(memoryLine(data), width),
    cut(transferLine(data), width),
    ledgerLine(data, width, paint),
  ];
  const lines = [...header, '', ...routeLines(data.routes, width, paint)];
  // The other tables keep their heads and a row or two, whatever the number of routes.
  const others = otherTables(data, width, paint);
  const share = Math.max(TABLE_LINES_MIN, Math.floor(height / (2 * Math.max(2, others.length))));
  const kept = others.map((table) => table.slice(0, share));
  const below = kept.reduce((sum, table) => sum + table.length + 1, 0);
  const room = Math.max(header.length + 3, height - below);
  return [...lines.slice(0, room), ...kept.flatMap((table) => ['', ...table])]
    .slice(0, height)
    .join('\n');
}

function titleOf({ services, timeMs, seconds }: TopData): string {
  const names = services.map(({ name, versions, instances }) => {
    const version = versions.length === 1 ? ` ${safeName(versions[0] as string)}` : '';
    return `${safeName(name)}${version} × ${instances}`;
  });
  const time = new Date(timeMs).toISOString().slice(11, 19);
  return `tachograph top  ${time} UTC  last ${Math.round(seconds)} s  ${names.join(', ')}`;
}

function loopLine({ delay, gc, gauges, seconds }: TopData): string {
  const parts = [
    `Event loop  delay p50 ${percentile(delay, 'p50')}  p99 ${percentile(delay, 'p99')}` +
      `  max ${formatSeconds(delay?.max)}`,
    `utilisation ${formatPercent(gauges['nodejs.eventloop.utilization']?.mean)}`,
    gc === undefined
      ? `GC ${NONE}`
      : `GC ${formatCount(gc.count)} runs  ${formatSeconds(gc.sum / seconds)}/s  max ${formatSeconds(gc.max)}`,
  ];
  return parts.join('  │  ');
}

function cpuLine({ gauges }: TopData): string {
  const active = gauges['http.server.active_requests']?.last;
  return [
    `CPU  process ${formatPercent(gauges['process.cpu.utilization']?.mean)}`,
    `host ${formatPercent(gauges['system.cpu.utilization']?.mean)}`,
    `open requests ${formatCount(active)}`,
  ].join('  │  ');
}

function memoryLine({ gauges }: TopData): string {
  const last = (name: string): number | undefined => (gauges[name] as GaugeStats | undefined)?.last;
  return [
    `Memory  RSS ${formatBytes(last('process.memory.usage'))}`,
    `heap ${formatBytes(last('v8js.memory.heap.used'))} of ${formatBytes(last('v8js.memory.heap.limit'))}`,
    `host ${formatPercent(last('system.memory.utilization'))} of ${formatBytes(last('system.memory.limit'))}`,
  ].join('  │  ');
}

function transferLine({ rates }: TopData): string {
  const rate = (key: string): string => {
    const value = rates[key];
    return value === undefined ? NONE : `${formatBytes(value)}/s`;
  };
  return [
    `Disk  read ${rate('system.disk.io read')}  write ${rate('system.disk.io write')}`,
    `Network  in ${rate('system.network.io receive')}  out ${rate('system.network.io transmit')}`,
  ].join('  │  ');
}

function ledgerLine({ processes }: TopData, width: number, paint: Paint): string {
  let recorded = 0;
  let received = 0;
  let dropped = 0;
  let pending = 0;
  for (const process of processes) {
    recorded += process.recorded;
    received += process.received;
    pending += process.pending;
    for (const count of Object.values(process.dropped)) dropped += count;
  }
  const isBalanced = processes.every(({ balanced }) => balanced);
  const text = cut(
    `Ledger  recorded ${formatCount(recorded)} = received ${formatCount(received)}` +
      ` + dropped ${formatCount(dropped)} + pending ${formatCount(pending)}` +
      `${isBalanced ? '  ✓' : '  does not balance: see /v1/ledger'}`,
    width,
  );
  return isBalanced && dropped === 0 ? text : paint(isBalanced ? 'yellow' : 'red', text);
}

function percentile(stats: HistogramStats | undefined, name: 'p50' | 'p99'): string {
  return stats === undefined || stats.count < SAMPLES_MIN ? NONE : formatSeconds(stats[name]);
}
