/** Budgets of the machine, the runtime and the network; see budget.ts. */
import { type Budget, budgetsOf, from } from './budget.js';
import { CACHE_OPERATIONS } from './database-metrics.js';
import {
  CONTAINER_CPU_UTILIZATION,
  CONTAINER_MEMORY_UTILIZATION,
  DNS_LOOKUP_DURATION,
  HTTP_CLIENT_REQUEST_DURATION,
  NET_CONNECT_DURATION,
  NODEJS_EVENTLOOP_DELAY,
  NODEJS_EVENTLOOP_UTILIZATION,
  PROCESS_CPU_UTILIZATION,
  SYSTEM_CPU_UTILIZATION,
  SYSTEM_FILESYSTEM_UTILIZATION,
  SYSTEM_MEMORY_UTILIZATION,
  THREAD_SLOT,
  V8JS_GC_DURATION,
} from './metrics.js';

const infrastructure = budgetsOf('infrastructure');
const GAUGE = { unit: '%', statistic: 'mean' } as const;
const P99 = { statistic: 'p99' } as const;
/**
 * Of the resource: a full disk is not made good by the empty ones of other hosts. In a process, which has one host, it tells
 * nothing apart.
 */
const HOST = 'host.name';
const INSTANCE = 'service.instance.id';

export const INFRASTRUCTURE_BUDGETS: readonly Budget[] = [
  infrastructure('cpu_host', 70, 'CPU of the host.', from(SYSTEM_CPU_UTILIZATION, [HOST]), GAUGE),
  infrastructure(
    'cpu_process',
    100,
    'CPU of the process; 100 % is one core.',
    from(PROCESS_CPU_UTILIZATION, [INSTANCE]),
    GAUGE,
  ),
  infrastructure(
    'cpu_container',
    70,
    'CPU of the control group over its quota.',
    from(CONTAINER_CPU_UTILIZATION, [HOST]),
    GAUGE,
  ),
  infrastructure(
    'memory_host',
    70,
    'Memory of the host.',
    from(SYSTEM_MEMORY_UTILIZATION, [HOST]),
    GAUGE,
  ),
  infrastructure(
    'memory_container',
    70,
    'Memory of the control group over its limit.',
    from(CONTAINER_MEMORY_UTILIZATION, [HOST]),
    GAUGE,
  ),
  infrastructure(
    'disk_space',
    85,
    'Space in use of a file system.',
    from(SYSTEM_FILESYSTEM_UTILIZATION, [HOST, 'system.filesystem.mountpoint']),
    GAUGE,
  ),
  infrastructure(
    'outbound_http',
    500,
    'Outbound calls to one host.',
    from(HTTP_CLIENT_REQUEST_DURATION, ['server.address']),
  ),
  infrastructure(
    'dns_lookup',
    50,
    'Look-ups of one name.',
    from(DNS_LOOKUP_DURATION, ['dns.question.name']),
  ),
  infrastructure(
    'network_connect',
    100,
    'Connections opened to one address.',
    from(NET_CONNECT_DURATION, ['server.address', 'server.port']),
  ),
  infrastructure(
    'cache_misses',
    50,
    'Reads of a cache that found nothing.',
    from(CACHE_OPERATIONS, ['tachograph.cache.name'], {
      part: ['tachograph.cache.result', 'miss'],
    }),
    { unit: '%', statistic: 'share' },
  ),
  infrastructure(
    'event_loop_delay',
    100,
    'How late callbacks of one thread run.',
    from(NODEJS_EVENTLOOP_DELAY, [THREAD_SLOT]),
    P99,
  ),
  infrastructure(
    'event_loop_utilization',
    70,
    'Time that the event loop of one thread was not idle.',
    from(NODEJS_EVENTLOOP_UTILIZATION, [INSTANCE, THREAD_SLOT]),
    GAUGE,
  ),
  infrastructure(
    'gc_pause',
    50,
    'Garbage collections of one kind.',
    from(V8JS_GC_DURATION, ['v8js.gc.type']),
    P99,
  ),
];
