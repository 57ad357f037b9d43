/** Numbers and names for the terminal: short, aligned, and harmless whatever a service is called. */

/** What stands for a value that is not known, or not to be trusted yet. */
export const NONE = '—';

/** Seconds as `12.3 ms`. */
export function formatSeconds(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return NONE;
  if (seconds >= 100) return `${Math.round(seconds)} s`;
  if (seconds >= 1) return `${short(seconds)} s`;
  if (seconds >= 0.001) return `${short(seconds * 1000)} ms`;
  return `${Math.round(seconds * 1_000_000)} µs`;
}

/** A span of time as people say it: `4 s`, `3 min`, `2 h`, `5 days`. */
export function formatSpan(spanMs: number): string {
  const seconds = Math.round(spanMs / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined || !Number.isFinite(bytes)) return NONE;
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : short(value)} ${BYTE_UNITS[unit]}`;
}

export function formatPercent(ratio: number | undefined): string {
  if (ratio === undefined || !Number.isFinite(ratio)) return NONE;
  const percent = ratio * 100;
  return `${percent === 0 ? '0' : percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

export function formatCount(count: number | undefined): string {
  if (count === undefined || !Number.isFinite(count)) return NONE;
  if (count < 10_000)
    return count < 10 && count % 1 !== 0 ? count.toFixed(1) : `${Math.round(count)}`;
  if (count < 1e6) return `${short(count / 1e3)}k`;
  if (count < 1e9) return `${short(count / 1e6)}M`;
  return `${short(count / 1e9)}G`;
}

/** Three digits. */
function short(value: number): string {
  return value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
}

/**
 * A name from a service, safe to print: control characters, escapes, and characters that reorder or
 * join text are shown as `·`.
 */
export function safeName(name: string): string {
  return name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '·');
}

/** Columns a text takes: wide characters two, marks none. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;

function characterWidth(character: string): number {
  if (/\p{M}/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Cuts to `width` columns, with `…` where something was cut. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let result = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width - 1) break;
    result += character;
  }
  return width < 1 ? '' : `${result}…`;
}

/** Cut and filled to exactly `width` columns. */
export function padCell(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, width);
  const fill = ' '.repeat(Math.max(0, width - widthOf(shown)));
  return align === 'left' ? shown + fill : fill + shown;
}
