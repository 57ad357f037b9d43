/** The share of requests that fail: 5xx and errors, but for clients that went away. As the API counts them. Pure. */
import type { Group } from '../../api/answers.js';

export function isFailure({ attributes }: Pick<Group, 'attributes'>): boolean {
  const error = attributes['error.type'] ?? '';
  return error === 'aborted'
    ? false
    : error !== '' || attributes['http.response.status_class'] === '5xx';
}

/** Of groups by outcome; null without a request. */
export function errorRatio(groups: readonly Group[]): number | null {
  const sum = (of: readonly Group[]): number =>
    of.reduce((total, group) => total + (group.total.count ?? 0), 0);
  const all = sum(groups);
  return all === 0 ? null : sum(groups.filter(isFailure)) / all;
}

export function errorRatioAt(groups: readonly Group[]): (readonly [number, number])[] {
  const byTime = new Map<number, { all: number; failed: number }>();
  for (const group of groups) {
    const failed = isFailure(group);
    for (const { timeMs, count = 0 } of group.points) {
      const at = byTime.get(timeMs) ?? { all: 0, failed: 0 };
      byTime.set(timeMs, { all: at.all + count, failed: at.failed + (failed ? count : 0) });
    }
  }
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([timeMs, { all, failed }]) => [timeMs, failed / Math.max(1, all)] as const);
}
