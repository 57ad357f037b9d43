/**
 * When which version of a service came: a version is deployed when its first process appears, or comes back after
 * another one was deployed. From the accounts of processes, kept 400 days. Pure but for one question to the store.
 */
import type { Instance } from '../query/listings.js';
import type { Store } from '../store/store.js';

export interface Deploy {
  readonly service: string;
  readonly version: string;
  readonly environment: string;
  /** When the first process of it began to record. */
  readonly atMs: number;
  /** Nothing was recorded of the service before: it is where history begins, and explains no change. */
  readonly isFirst: boolean;
}

const VERSION = 'service.version';
const ENVIRONMENT = 'deployment.environment.name';

/** Of one service or all, the newest first. */
export async function deploysOf(store: Store, service: string | undefined): Promise<Deploy[]> {
  return deploysIn(await store.instances(service));
}

export function deploysIn(instances: readonly Instance[]): Deploy[] {
  const places = new Map<string, Instance[]>();
  for (const instance of instances) {
    const { service, resource } = instance;
    if (!resource[VERSION]) continue;
    const key = JSON.stringify([service, resource[ENVIRONMENT] ?? '']);
    const place = places.get(key);
    if (place === undefined) places.set(key, [instance]);
    else place.push(instance);
  }
  return [...places.values()].flatMap(deploysOfPlace).sort((a, b) => b.atMs - a.atMs);
}

/** Of one service in one environment. */
function deploysOfPlace(instances: readonly Instance[]): Deploy[] {
  const inOrder = [...instances].sort((a, b) => a.firstSeenMs - b.firstSeenMs);
  const deploys: Deploy[] = [];
  /** Until when processes of a version were seen. */
  const seenUntilMs = new Map<string, number>();
  for (const { service, resource, firstSeenMs, lastSeenMs } of inOrder) {
    const version = resource[VERSION]!;
    const untilMs = seenUntilMs.get(version) ?? Number.NEGATIVE_INFINITY;
    const isRunning = untilMs >= firstSeenMs;
    // A restart of what runs, or of what was deployed last, is no deploy.
    if (!isRunning && deploys.at(-1)?.version !== version) {
      const environment = resource[ENVIRONMENT] ?? '';
      const isFirst = deploys.length === 0;
      deploys.push({ service, version, environment, atMs: firstSeenMs, isFirst });
    }
    seenUntilMs.set(version, Math.max(untilMs, lastSeenMs));
  }
  return deploys;
}

/** A change is told by the hour it began in. */
const NEAR_MS = 2 * 3_600_000;

/** The deploy that a change at `sinceMs` came with: the nearest within two hours. */
export function deployAt(deploys: readonly Deploy[], sinceMs: number | null): Deploy | undefined {
  if (sinceMs === null) return undefined;
  // The middle of the hour is the best guess at when in it.
  const distance = ({ atMs }: Deploy): number => Math.abs(atMs - sinceMs - NEAR_MS / 4);
  return deploys
    .filter((deploy) => !deploy.isFirst && distance(deploy) <= NEAR_MS)
    .sort((a, b) => distance(a) - distance(b))[0];
}
