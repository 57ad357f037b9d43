/** Numbers and changes of a report in words: short, with their units, never by colour alone. Pure. */
import type { CodeLine } from './evidence.js';
import type { Tone } from './report-document.js';

export const NONE = '—';

export function seconds(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size >= 48 * 3600) return `${digits(value / 86_400)} days`;
  if (size >= 7200) return `${digits(value / 3600)} h`;
  if (size >= 120) return `${digits(value / 60)} min`;
  if (size >= 1) return `${digits(value)} s`;
  if (size >= 0.001) return `${digits(value * 1000)} ms`;
  return size < 5e-7 ? '0 s' : `${Math.round(value * 1e6)} µs`;
}

export function count(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  if (value < 10_000) return String(Math.round(value));
  if (value < 1e6) return `${digits(value / 1e3)}k`;
  return value < 1e9 ? `${digits(value / 1e6)}M` : `${digits(value / 1e9)}G`;
}

/** `1 query`, `41 queries`. */
export function items(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function percent(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return NONE;
  const value = ratio * 100;
  const size = Math.abs(value);
  return `${value === 0 ? '0' : size < 0.1 ? value.toFixed(2) : size < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

/** `+38 %`, of a ratio of after over before. */
export function signed(ratio: number): string {
  const change = percent(ratio - 1);
  return ratio > 1 ? `+${change}` : change.replace('-', '−');
}

/** `▲ +38 % (30 to 45 %)`; the arrow says the direction, so that colour need not. */
export function changeText(ratio: number, low: number, high: number): string {
  const arrow = ratio > 1 ? '▲' : '▼';
  return `${arrow} ${signed(ratio)} (${signed(low)} to ${signed(high)})`;
}

/** Against an earlier value: of times and errors, less is better. */
export function against(
  now: number | null,
  before: number | null | undefined,
  isLessBetter = true,
): { text: string; tone: Tone } {
  if (now === null || before === null || before === undefined) return { text: NONE, tone: 'dim' };
  // How many times as much as nothing, nobody can say; that it was nothing, anybody.
  if (before === 0 && now !== 0) return { text: '▲ from 0', tone: 'plain' };
  if (before === now) return { text: '= same', tone: 'dim' };
  const ratio = now / before;
  if (Math.abs(ratio - 1) < 0.005) return { text: '= same', tone: 'dim' };
  const text = `${ratio > 1 ? '▲' : '▼'} ${signed(ratio)}`;
  if (!isLessBetter || Math.abs(ratio - 1) < 0.05) return { text, tone: 'plain' };
  return { text, tone: ratio > 1 ? 'bad' : 'good' };
}

export function place({ file, line, function: name }: CodeLine): string {
  return name ? `${file}:${line} (${name})` : `${file}:${line}`;
}

/** A statement is told by its beginning; all of it is in the JSON. */
export function short(name: string, lengthMax = 90): string {
  const line = name.replace(/\s+/g, ' ').trim();
  return line.length <= lengthMax ? line : `${line.slice(0, lengthMax - 1)}…`;
}

/** Three digits. */
function digits(value: number): string {
  const size = Math.abs(value);
  return size < 10 ? value.toFixed(2) : size < 100 ? value.toFixed(1) : value.toFixed(0);
}
