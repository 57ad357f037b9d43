/** Instances with what was measured of each: a question a metric, for all of them at once. */

import type { QueryAnswer, Stats } from '../../api/answers.js';
import type { InstanceRow } from '../../api/health-answers.js';
import { OF_MAIN_THREAD, useTotals } from '../../api/questions.js';
import { gcShare } from './gc-share.js';

export interface InstanceFacts extends InstanceRow {
  readonly id: string;
  /** It has sent nothing in the last minutes. */
  readonly isSilent: boolean;
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly heap: number | null;
  readonly heapLimit: number | null;
  readonly loopP99: number | null;
  readonly loopUtilization: number | null;
  readonly gc: number | null;
  readonly containerCpu: number | null;
  readonly containerMemory: number | null;
  readonly hostCpu: number | null;
  readonly hostMemory: number | null;
}

const INSTANCE = 'service.instance.id';
/** Several windows of the longest kind. */
const SILENT_MS = 180_000;

/** @param nowMs when any of them was last heard of */
export function useInstanceRows(instances: readonly InstanceRow[], nowMs: number): InstanceFacts[] {
  const cpu = useByInstance('process.cpu.utilization');
  const memory = useByInstance('process.memory.usage');
  const heap = useByInstance('v8js.memory.heap.used', OF_MAIN_THREAD);
  const heapLimit = useByInstance('v8js.memory.heap.limit', OF_MAIN_THREAD);
  const delay = useByInstance('nodejs.eventloop.delay', OF_MAIN_THREAD);
  const utilization = useByInstance('nodejs.eventloop.utilization', OF_MAIN_THREAD);
  const gc = useOfInstances('v8js.gc.duration', OF_MAIN_THREAD);
  const containerCpu = useByInstance('container.cpu.utilization');
  const containerMemory = useByInstance('container.memory.utilization');
  const hostCpu = useByInstance('system.cpu.utilization');
  const hostMemory = useByInstance('system.memory.utilization');
  return instances.map((instance) => {
    const id = instance.resource[INSTANCE] ?? instance.boot;
    return {
      ...instance,
      id,
      isSilent: instance.lastSeenMs < nowMs - SILENT_MS,
      cpu: cpu(id)?.mean ?? null,
      memory: memory(id)?.last ?? null,
      heap: heap(id)?.last ?? null,
      heapLimit: heapLimit(id)?.last ?? null,
      loopP99: delay(id)?.p99 ?? null,
      loopUtilization: utilization(id)?.mean ?? null,
      gc: gc === undefined ? null : gcShare(byInstance(gc)(id), instance, gc),
      containerCpu: containerCpu(id)?.mean ?? null,
      containerMemory: containerMemory(id)?.last ?? null,
      hostCpu: hostCpu(id)?.mean ?? null,
      hostMemory: hostMemory(id)?.last ?? null,
    };
  });
}

function useByInstance(
  metric: string,
  where?: readonly string[],
): (id: string) => Stats | undefined {
  return byInstance(useOfInstances(metric, where));
}

function useOfInstances(metric: string, where: readonly string[] = []): QueryAnswer | undefined {
  return useTotals({ metric, group: INSTANCE, where, limit: '500' }).data;
}

function byInstance(answer: QueryAnswer | undefined): (id: string) => Stats | undefined {
  const groups = answer?.groups ?? [];
  return (id) => groups.find(({ attributes }) => attributes[INSTANCE] === id)?.total;
}
