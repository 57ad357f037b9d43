/** Colours of charts, read from the style sheet, so that one place knows both themes. */

/** In the order in which series take them; each differs in lightness too. */
const SERIES = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6'];

export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function seriesColor(index: number): string {
  return cssColor(SERIES[index % SERIES.length]!);
}

/** Viridis, which rises evenly in lightness and can be told apart without seeing red or green. */
const RAMP: readonly (readonly [number, number, number])[] = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [109, 205, 89],
  [180, 222, 44],
  [253, 231, 37],
];

/** Of a share of the greatest, from 0 to 1; on light ground the ramp runs the other way, so that more stands out. */
export function rampColor(share: number, isDark: boolean): string {
  const at = Math.max(0, Math.min(1, share)) * (RAMP.length - 1);
  const position = isDark ? at : RAMP.length - 1 - at;
  const low = Math.min(RAMP.length - 2, Math.floor(position));
  const part = position - low;
  const [from, to] = [RAMP[low]!, RAMP[low + 1]!];
  const mix = from.map((value, i) => Math.round(value + (to[i]! - value) * part));
  return `rgb(${mix.join(' ')})`;
}
