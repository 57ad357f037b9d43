/** Figures as sentences have them: short, with their unit, the same everywhere. Pure. */
import { DAY_MS } from '../store/data-folder.js';

/** `3 µs`, `12 ms`, `1.2 s`, `14 min`, `3.1 h`. */
export function time(seconds: number): string {
  if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${digits(seconds * 1000)} ms`;
  if (seconds < 120) return `${digits(seconds)} s`;
  return seconds < 7200 ? `${digits(seconds / 60)} min` : `${digits(seconds / 3600)} h`;
}

export function count(value: number): string {
  if (value >= 1e6) return `${digits(value / 1e6)} million`;
  return value >= 10_000 ? `${Math.round(value / 1000)},000` : digits(value);
}

export function percent(ratio: number): string {
  return `${digits(ratio * 100)} %`;
}

export function bytes(value: number): string {
  if (value < 1024) return `${Math.round(value)} B`;
  if (value < 1024 ** 2) return `${digits(value / 1024)} KiB`;
  return value < 1024 ** 3
    ? `${digits(value / 1024 ** 2)} MiB`
    : `${digits(value / 1024 ** 3)} GiB`;
}

/** `1 query`, `41 queries`. */
export function items(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `once`, `twice`, `41 times`. */
export function times(value: number): string {
  return value === 1 ? 'once' : value === 2 ? 'twice' : `${count(value)} times`;
}

/** What is over `recordedMs` as it would be in a day. */
export function inADay(value: number, recordedMs: number): number {
  return (value * DAY_MS) / recordedMs;
}

/** The first table that a statement names, in brackets; nothing where none is found. */
export function ofTable(statement: string): string {
  const table = /\b(?:from|into|update)\s+([\w."`]{1,80})/i.exec(statement)?.[1];
  return table === undefined ? '' : ` (${table})`;
}

const SHOWN_LENGTH_MAX = 120;

/** A statement or name in a sentence: on one line and not too long. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= SHOWN_LENGTH_MAX ? line : `${line.slice(0, SHOWN_LENGTH_MAX - 1)}…`;
}

function digits(value: number): string {
  const text = value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
