/** Lines of what belongs to a machine, whichever process tells of it. Pure. */
import type { Group, Stats } from '../../api/answers.js';
import type { Line } from '../../charts/series.js';

const HOST = 'host.name';

/**
 * A line for each value of `attribute`, machines added up: processes of one machine tell of the same disks, so of each
 * time what the one says that saw most.
 */
export function machineLines(
  groups: readonly Group[],
  attribute: string,
  of: (stats: Stats) => number | undefined,
): Line[] {
  const labels = [...new Set(groups.map(({ attributes }) => attributes[attribute] ?? ''))];
  return labels.map((label) => {
    const own = groups.filter(({ attributes }) => (attributes[attribute] ?? '') === label);
    return { label, points: machinesAdded(own, of) };
  });
}

function machinesAdded(
  groups: readonly Group[],
  of: (stats: Stats) => number | undefined,
): Line['points'] {
  const byTime = new Map<number, Map<string, number>>();
  for (const { attributes, points } of groups) {
    const host = attributes[HOST] ?? '';
    for (const point of points) {
      const byHost = byTime.get(point.timeMs) ?? new Map<string, number>();
      byHost.set(host, Math.max(byHost.get(host) ?? 0, of(point) ?? 0));
      byTime.set(point.timeMs, byHost);
    }
  }
  return [...byTime]
    .sort(([a], [b]) => a - b)
    .map(([timeMs, byHost]) => [timeMs, [...byHost.values()].reduce((a, b) => a + b, 0)] as const);
}
