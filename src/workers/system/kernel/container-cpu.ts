/** CPU time, quota and throttling of the control group, cgroup v1 and v2. */
import {
  CONTAINER_CPU_LIMIT,
  CONTAINER_CPU_THROTTLED_PERIODS,
  CONTAINER_CPU_THROTTLED_TIME,
  CONTAINER_CPU_TIME,
  CONTAINER_CPU_UTILIZATION,
} from '../../../shared/metrics.js';
import { type CounterSeries, createCounterSeries } from '../counter-series.js';
import { findGroup, type GroupPath } from './control-groups.js';
import { KernelFile } from './kernel-file.js';
import type { ContainerReader, KernelContext } from './kernel-reader.js';
import { groupsWith, type LimitCarrier, pickCarrier, readValues } from './limit-carrier.js';
import type { Mount } from './mounts.js';
import { numberAfter, readNumber } from './scan.js';

const STAT_BYTES_MAX = 2048;
const VALUE_BYTES_MAX = 64;
const MICROSECONDS_PER_NANOSECOND = 1 / 1000;
const MICROSECONDS_PER_MS = 1000;

const USAGE_KEY = Buffer.from('usage_usec ');
const PERIODS_KEY = Buffer.from('nr_throttled ');
/** v2 counts microseconds, v1 nanoseconds. */
const THROTTLED_KEYS = {
  1: Buffer.from('throttled_time '),
  2: Buffer.from('throttled_usec '),
} as const;

interface Opened {
  readonly key: string;
  readonly version: 1 | 2;
  readonly stat: KernelFile | undefined;
  /** v1 only: v2 has the usage in `stat`. */
  readonly usage: KernelFile | undefined;
  readonly addTime: CounterSeries;
  readonly addThrottledTime: CounterSeries;
  readonly addThrottledPeriods: CounterSeries;
}

export function createContainerCpu(context: KernelContext): ContainerReader {
  const { sink, root, clock } = context;
  let opened: Opened | undefined;
  let limitCores = Number.POSITIVE_INFINITY;
  let lastMs = Number.NaN;

  const close = (): void => {
    opened?.stat?.close();
    opened?.usage?.close();
    opened = undefined;
  };

  return {
    locate(membership, mounts) {
      const place = findPlace(root, membership, mounts);
      limitCores = place?.carrier?.limit ?? Number.POSITIVE_INFINITY;
      if (place?.key === opened?.key) return;
      close();
      if (place !== undefined) opened = open(context, place);
    },
    sample() {
      if (opened === undefined) return;
      const nowMs = clock();
      const addedUs = sampleFiles(opened);
      const wallUs = (nowMs - lastMs) * MICROSECONDS_PER_MS;
      lastMs = nowMs;
      if (limitCores === Number.POSITIVE_INFINITY) return;
      sink.set(CONTAINER_CPU_LIMIT, limitCores * CONTAINER_CPU_LIMIT.scale);
      if (wallUs > 0 && addedUs >= 0) {
        const share = addedUs / (wallUs * limitCores);
        sink.set(CONTAINER_CPU_UTILIZATION, share * CONTAINER_CPU_UTILIZATION.scale);
      }
    },
    close,
  };
}

interface Place {
  /** Changes when the files to read do. */
  readonly key: string;
  readonly version: 1 | 2;
  readonly carrier: LimitCarrier | undefined;
  readonly usageFolder: string | undefined;
}

/**
 * v1 may keep quota (cpu) and time (cpuacct) in separate hierarchies. The time must be of the group
 * that has the quota, and is left out where that group does not exist in the other hierarchy.
 */
function findPlace(root: string, membership: string, mounts: readonly Mount[]): Place | undefined {
  const cpu = findGroup('cpu', membership, mounts);
  const accounting = findGroup('cpuacct', membership, mounts);
  const carrier =
    cpu &&
    pickCarrier(groupsWith(root, cpu, 'cpu.stat'), (folder) =>
      cpu.version === 1 ? quotaV1(root + folder) : quotaV2(root + folder),
    );
  let usageFolder: string | undefined;
  if (accounting?.version === 1) {
    const folders = groupsWith(root, accounting, 'cpuacct.usage');
    usageFolder =
      cpu && carrier
        ? folders.find((folder) => below(accounting, folder) === below(cpu, carrier.folder))
        : folders[0];
  }
  if (carrier === undefined && usageFolder === undefined) return undefined;
  const version = cpu?.version ?? accounting?.version ?? 2;
  return { key: `${carrier?.folder} ${usageFolder}`, version, carrier, usageFolder };
}

function below(group: GroupPath, folder: string): string {
  return folder.slice(group.mountPoint.length);
}

function open({ sink, root, scratch }: KernelContext, place: Place): Opened {
  const { key, version, carrier, usageFolder } = place;
  const toUs = version === 1 ? MICROSECONDS_PER_NANOSECOND : 1;
  return {
    key,
    version,
    stat: carrier && new KernelFile(`${root}${carrier.folder}/cpu.stat`, scratch, STAT_BYTES_MAX),
    usage:
      usageFolder === undefined
        ? undefined
        : new KernelFile(`${root}${usageFolder}/cpuacct.usage`, scratch, VALUE_BYTES_MAX),
    addTime: createCounterSeries(sink, CONTAINER_CPU_TIME, toUs),
    addThrottledTime: createCounterSeries(sink, CONTAINER_CPU_THROTTLED_TIME, toUs),
    addThrottledPeriods: createCounterSeries(sink, CONTAINER_CPU_THROTTLED_PERIODS, 1),
  };
}

/** Microseconds of CPU time added since the sample before; NaN when not known. */
function sampleFiles(opened: Opened): number {
  let addedUs = Number.NaN;
  const usageText = opened.usage?.read();
  if (usageText !== undefined) addedUs = opened.addTime(readNumber(usageText));
  const stat = opened.stat?.read();
  if (stat === undefined) return addedUs;
  if (opened.version === 2) addedUs = opened.addTime(numberAfter(stat, USAGE_KEY));
  opened.addThrottledPeriods(numberAfter(stat, PERIODS_KEY));
  opened.addThrottledTime(numberAfter(stat, THROTTLED_KEYS[opened.version]));
  return addedUs;
}

/** Cores; a quota of -1 is none. */
function quotaV1(folder: string): number {
  const [quotaUs] = readValues(`${folder}/cpu.cfs_quota_us`);
  const [periodUs] = readValues(`${folder}/cpu.cfs_period_us`);
  return cores(quotaUs, periodUs);
}

/** Cores; a quota of "max" is none, and a group whose parent does not pass the controller on has no file. */
function quotaV2(folder: string): number {
  const [quotaUs, periodUs] = readValues(`${folder}/cpu.max`);
  return cores(quotaUs, periodUs);
}

function cores(quotaUs = Number.NaN, periodUs = Number.NaN): number {
  return quotaUs > 0 && periodUs > 0 ? quotaUs / periodUs : Number.POSITIVE_INFINITY;
}
