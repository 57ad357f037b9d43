/** Numbers as people read them: three digits, their unit beside them, and `—` for what is not known. Pure. */

export const NONE = '—';
/** Percentiles of fewer samples say nothing. */
export const SAMPLES_MIN = 20;

type Maybe = number | null | undefined;

function isKnown(value: Maybe): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function formatSeconds(seconds: Maybe): string {
  if (!isKnown(seconds)) return NONE;
  if (seconds === 0) return '0 ms';
  // As much as its three digits say: 999.6 ms are a second.
  const size = Number(Math.abs(seconds).toPrecision(3));
  if (size >= 86_400 * 2) return `${digits(seconds / 86_400)} d`;
  if (size >= 7200) return `${digits(seconds / 3600)} h`;
  if (size >= 120) return `${digits(seconds / 60)} min`;
  if (size >= 1) return `${digits(seconds)} s`;
  if (size >= 0.001) return `${digits(seconds * 1000)} ms`;
  return `${Math.round(seconds * 1_000_000)} µs`;
}

/** How much more or less: `+1.20 s`, `−30.0 ms`. */
export function formatDifference(seconds: Maybe): string {
  if (!isKnown(seconds)) return NONE;
  // What floating point leaves of nothing is nothing.
  if (Math.abs(seconds) < 5e-7) return formatSeconds(0);
  return `${seconds < 0 ? '−' : '+'}${formatSeconds(Math.abs(seconds))}`;
}

/** A percentile, unless it is of too few. */
export function formatPercentile(seconds: Maybe, samples: Maybe): string {
  return isKnown(samples) && samples < SAMPLES_MIN ? NONE : formatSeconds(seconds);
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

export function formatBytes(bytes: Maybe): string {
  if (!isKnown(bytes)) return NONE;
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : digits(value)} ${BYTE_UNITS[unit]}`;
}

export function formatPercent(ratio: Maybe): string {
  if (!isKnown(ratio)) return NONE;
  const percent = ratio * 100;
  if (percent === 0) return '0 %';
  if (Math.abs(percent) < 0.01) return '< 0.01 %';
  return `${Math.abs(percent) < 1 ? percent.toFixed(2) : Math.abs(percent) < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

export function formatCount(count: Maybe): string {
  if (!isKnown(count)) return NONE;
  if (count < 10) return count % 1 === 0 ? String(count) : count.toFixed(count < 1 ? 2 : 1);
  if (count < 10_000) return String(Math.round(count));
  if (count < 1e6) return `${digits(count / 1e3)}k`;
  if (count < 1e9) return `${digits(count / 1e6)}M`;
  return `${digits(count / 1e9)}G`;
}

export function formatRate(rate: Maybe): string {
  return isKnown(rate) ? `${formatCount(rate)}/s` : NONE;
}

/** In the unit of a budget. */
export function formatBudget(value: Maybe, unit: string): string {
  if (!isKnown(value)) return NONE;
  if (unit === 'ms') return formatSeconds(value / 1000);
  return unit === '%' ? `${digits(value)} %` : formatCount(value);
}

/** In the unit of a metric of the catalogue, or of a rule of alerts. */
export function formatUnit(value: Maybe, unit: string): string {
  switch (unit) {
    case 'x':
      return isKnown(value) ? `${digits(value)}×` : NONE;
    case 's':
      return formatSeconds(value);
    case 'By':
      return formatBytes(value);
    case '1':
      return formatPercent(value);
    default:
      return formatBudget(value, unit);
  }
}

/** How much it became more or less: `+12 %`, `× 3.1`. */
export function formatRatio(ratio: Maybe): string {
  if (!isKnown(ratio)) return NONE;
  if (ratio >= 2) return `× ${digits(ratio)}`;
  const percent = (ratio - 1) * 100;
  const size = Math.abs(percent);
  // What is rounded to ten has no digit after the point.
  return `${percent < 0 ? '−' : '+'}${size.toFixed(size < 9.95 ? 1 : 0)} %`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Three digits. */
function digits(value: number): string {
  const size = Number(Math.abs(value).toPrecision(3));
  return size < 10 ? value.toFixed(2) : size < 100 ? value.toFixed(1) : value.toFixed(0);
}
