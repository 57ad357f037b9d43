/**
 * Memory of the control group and its limit, cgroup v1 and v2. Usage is without the file cache that
 * the kernel can drop at once (inactive_file), as Kubernetes and `docker stats` count it: with it
 * every group that reads files looks full.
 */
import {
  CONTAINER_MEMORY_LIMIT,
  CONTAINER_MEMORY_USAGE,
  CONTAINER_MEMORY_UTILIZATION,
} from '../../../shared/metrics.js';
import { findGroup } from './control-groups.js';
import { KernelFile } from './kernel-file.js';
import type { ContainerReader, KernelContext } from './kernel-reader.js';
import { groupsWith, type LimitCarrier, pickCarrier, readValues } from './limit-carrier.js';
import { numberAfter, readNumber } from './scan.js';

/** Names of cgroup-v2.rst and of cgroup-v1/memory.rst; v1 adds up descendants under `total_`. */
const FILES = {
  1: {
    usage: 'memory.usage_in_bytes',
    limit: 'memory.limit_in_bytes',
    cacheKey: Buffer.from('total_inactive_file '),
  },
  2: {
    usage: 'memory.current',
    limit: 'memory.max',
    cacheKey: Buffer.from('inactive_file '),
  },
} as const;

const STAT_BYTES_MAX = 16 * 1024;
const VALUE_BYTES_MAX = 64;

interface Opened {
  readonly folder: string;
  readonly usage: KernelFile;
  readonly stat: KernelFile;
  readonly cacheKey: Buffer;
}

export function createContainerMemory({ sink, root, scratch }: KernelContext): ContainerReader {
  let opened: Opened | undefined;
  let limit = Number.POSITIVE_INFINITY;

  const close = (): void => {
    opened?.usage.close();
    opened?.stat.close();
    opened = undefined;
  };

  return {
    locate(membership, mounts) {
      const group = findGroup('memory', membership, mounts);
      const files = FILES[group?.version ?? 2];
      const carrier: LimitCarrier | undefined =
        group &&
        pickCarrier(groupsWith(root, group, files.usage), (folder) =>
          memoryLimit(readValues(`${root}${folder}/${files.limit}`)[0]),
        );
      limit = carrier?.limit ?? Number.POSITIVE_INFINITY;
      if (carrier?.folder === opened?.folder) return;
      close();
      if (carrier === undefined) return;
      const folder = root + carrier.folder;
      opened = {
        folder: carrier.folder,
        usage: new KernelFile(`${folder}/${files.usage}`, scratch, VALUE_BYTES_MAX),
        stat: new KernelFile(`${folder}/memory.stat`, scratch, STAT_BYTES_MAX),
        cacheKey: files.cacheKey,
      };
    },
    sample() {
      if (opened === undefined) return;
      const usageText = opened.usage.read();
      const usage = usageText === undefined ? Number.NaN : readNumber(usageText);
      const statText = opened.stat.read();
      if (statText === undefined) return;
      // The two files are read one after the other: their difference may fall below 0.
      const used = Math.max(0, usage - numberAfter(statText, opened.cacheKey));
      if (Number.isNaN(used)) return;
      sink.set(CONTAINER_MEMORY_USAGE, used);
      if (limit === Number.POSITIVE_INFINITY) return;
      sink.set(CONTAINER_MEMORY_LIMIT, limit);
      if (limit > 0) {
        sink.set(CONTAINER_MEMORY_UTILIZATION, (used / limit) * CONTAINER_MEMORY_UTILIZATION.scale);
      }
    },
    close,
  };
}

/** v2 says "max", v1 the largest multiple of a page below 2^63: both are no limit. */
function memoryLimit(value: number | undefined): number {
  return Number.isSafeInteger(value) ? (value as number) : Number.POSITIVE_INFINITY;
}
