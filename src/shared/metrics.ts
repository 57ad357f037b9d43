/**
 * Metrics of HTTP, the runtime, the process, the host and the agent: the one place where a metric's
 * name, kind, unit and attributes are written down. They feed the probes, the worker, the collector,
 * `tachograph top` and the docs.
 *
 * Names follow the OpenTelemetry semantic conventions where one exists; a name under `tachograph.`
 * is ours.
 */
import { BYTES, COUNT, createFamily, type Metric, RATIO, SECONDS } from './metric.js';

const ROUTE = ['http.request.method', 'http.route', 'http.response.status_class'] as const;
const PEER = ['http.request.method', 'server.address', 'server.port'] as const;

/**
 * Tells the threads of a process apart: absent on the main thread, on worker threads of the
 * application 1, 2 …, the lowest number free when the thread began. Not OpenTelemetry's `thread.id`:
 * ids are never used again, and a pool that replaces its threads would bring new series for ever.
 */
export const THREAD_SLOT = 'tachograph.thread.slot';

const { metrics, histogram, counter, gauge } = createFamily();

/** Every metric of this file, in its order. */
export const RUNTIME_METRICS: readonly Metric[] = metrics;

// HTTP server
export const HTTP_SERVER_REQUEST_DURATION: Metric = histogram(
  'http.server.request.duration',
  SECONDS,
  'From the first byte of the request head to the last byte handed to the system.',
  [...ROUTE, 'error.type', 'tachograph.module'],
);
export const HTTP_SERVER_REQUEST_SIZE: Metric = histogram(
  'http.server.request.size',
  BYTES,
  'Bytes read from the connection for one request, head included (HTTP/2: content-length).',
  ROUTE,
);
export const HTTP_SERVER_RESPONSE_SIZE: Metric = histogram(
  'http.server.response.size',
  BYTES,
  'Bytes written to the connection for one response, head included (HTTP/2: content-length).',
  ROUTE,
);
export const HTTP_SERVER_ACTIVE_REQUESTS: Metric = gauge(
  'http.server.active_requests',
  COUNT,
  'Requests received and not yet answered.',
  [THREAD_SLOT],
);
export const HTTP_SERVER_CLIENT_CALLS: Metric = histogram(
  'tachograph.http.server.client_calls',
  COUNT,
  'Outbound HTTP calls made by one request; requests without one are not counted.',
  ['http.request.method', 'http.route'],
);

// Outbound HTTP and connections
export const HTTP_CLIENT_REQUEST_DURATION: Metric = histogram(
  'http.client.request.duration',
  SECONDS,
  'From the start of an outbound call to the end of its response.',
  [...PEER, 'http.response.status_class', 'error.type'],
);
export const DNS_LOOKUP_DURATION: Metric = histogram(
  'dns.lookup.duration',
  SECONDS,
  'Time to resolve a host name for a connection.',
  ['dns.question.name', 'error.type'],
);
export const NET_CONNECT_DURATION: Metric = histogram(
  'tachograph.net.connect.duration',
  SECONDS,
  'From an address to an open TCP connection, name look-up excluded.',
  ['server.address', 'server.port', 'error.type'],
);

// The runtime
export const NODEJS_EVENTLOOP_DELAY: Metric = histogram(
  'nodejs.eventloop.delay',
  SECONDS,
  'How late a timer fires: what any callback of this thread waits for its turn.',
  [THREAD_SLOT],
);
export const NODEJS_EVENTLOOP_UTILIZATION: Metric = gauge(
  'nodejs.eventloop.utilization',
  RATIO,
  'Share of time the event loop was not idle.',
  [THREAD_SLOT],
);
export const V8JS_GC_DURATION: Metric = histogram(
  'v8js.gc.duration',
  SECONDS,
  'Duration of garbage collections.',
  ['v8js.gc.type', THREAD_SLOT],
);
export const V8JS_MEMORY_HEAP_USED: Metric = gauge(
  'v8js.memory.heap.used',
  BYTES,
  'Bytes of the V8 heap in use.',
  [THREAD_SLOT],
);
export const V8JS_MEMORY_HEAP_TOTAL: Metric = gauge(
  'v8js.memory.heap.total',
  BYTES,
  'Bytes of the V8 heap reserved.',
  [THREAD_SLOT],
);
export const V8JS_MEMORY_HEAP_LIMIT: Metric = gauge(
  'v8js.memory.heap.limit',
  BYTES,
  'Bytes the V8 heap may grow to.',
  [THREAD_SLOT],
);
export const NODEJS_MEMORY_EXTERNAL: Metric = gauge(
  'nodejs.memory.external',
  BYTES,
  'Bytes held outside the heap by JavaScript objects.',
  [THREAD_SLOT],
);

// The process
export const PROCESS_CPU_TIME: Metric = counter(
  'process.cpu.time',
  SECONDS,
  'CPU time of the whole process.',
  ['cpu.mode'],
);
export const PROCESS_CPU_UTILIZATION: Metric = gauge(
  'process.cpu.utilization',
  RATIO,
  'CPU time of the process over wall time; 1 is one core.',
);
export const PROCESS_MEMORY_USAGE: Metric = gauge(
  'process.memory.usage',
  BYTES,
  'Resident set size.',
);
export const PROCESS_MEMORY_VIRTUAL: Metric = gauge(
  'process.memory.virtual',
  BYTES,
  'Virtual memory size.',
);
export const PROCESS_OPEN_FILE_DESCRIPTOR_COUNT: Metric = gauge(
  'process.open_file_descriptor.count',
  COUNT,
  'Open file descriptors.',
);
export const PROCESS_THREAD_COUNT: Metric = gauge(
  'process.thread.count',
  COUNT,
  'Threads of the process.',
);
export const PROCESS_UPTIME: Metric = gauge(
  'process.uptime',
  { unit: 's', scale: 1 },
  'Seconds since the process began.',
);
export const PROCESS_DISK_IO: Metric = counter(
  'process.disk.io',
  BYTES,
  'Bytes this process moved to and from storage.',
  ['disk.io.direction'],
);

// The host
export const SYSTEM_CPU_TIME: Metric = counter(
  'system.cpu.time',
  SECONDS,
  'CPU time of the host by mode, summed over cores.',
  ['cpu.mode'],
);
export const SYSTEM_CPU_UTILIZATION: Metric = gauge(
  'system.cpu.utilization',
  RATIO,
  'Share of CPU time not idle; 1 is every core busy.',
);
export const SYSTEM_CPU_LOGICAL_COUNT: Metric = gauge(
  'system.cpu.logical.count',
  COUNT,
  'Logical processors.',
);
export const SYSTEM_CPU_LOAD_AVERAGE_1M: Metric = gauge(
  'system.cpu.load_average.1m',
  RATIO,
  'Load average over one minute.',
);
export const SYSTEM_CPU_LOAD_AVERAGE_5M: Metric = gauge(
  'system.cpu.load_average.5m',
  RATIO,
  'Load average over five minutes.',
);
export const SYSTEM_CPU_LOAD_AVERAGE_15M: Metric = gauge(
  'system.cpu.load_average.15m',
  RATIO,
  'Load average over fifteen minutes.',
);
export const SYSTEM_MEMORY_USAGE: Metric = gauge(
  'system.memory.usage',
  BYTES,
  'Host memory by state.',
  ['system.memory.state'],
);
export const SYSTEM_MEMORY_UTILIZATION: Metric = gauge(
  'system.memory.utilization',
  RATIO,
  'Share of host memory that is not available.',
);
export const SYSTEM_MEMORY_LIMIT: Metric = gauge(
  'system.memory.limit',
  BYTES,
  'Host memory in all.',
);
export const SYSTEM_PAGING_USAGE: Metric = gauge(
  'system.paging.usage',
  BYTES,
  'Swap space by state.',
  ['system.paging.state'],
);
export const SYSTEM_DISK_IO: Metric = counter(
  'system.disk.io',
  BYTES,
  'Bytes read from and written to a device.',
  ['system.device', 'disk.io.direction'],
);
export const SYSTEM_DISK_OPERATIONS: Metric = counter(
  'system.disk.operations',
  COUNT,
  'Reads and writes of a device.',
  ['system.device', 'disk.io.direction'],
);
export const SYSTEM_DISK_IO_TIME: Metric = counter(
  'system.disk.io_time',
  SECONDS,
  'Time a device was busy.',
  ['system.device'],
);
export const SYSTEM_FILESYSTEM_USAGE: Metric = gauge(
  'system.filesystem.usage',
  BYTES,
  'File-system space by state.',
  ['system.filesystem.mountpoint', 'system.filesystem.state'],
);
export const SYSTEM_FILESYSTEM_UTILIZATION: Metric = gauge(
  'system.filesystem.utilization',
  RATIO,
  'Share of file-system space in use.',
  ['system.filesystem.mountpoint'],
);
export const SYSTEM_NETWORK_IO: Metric = counter(
  'system.network.io',
  BYTES,
  'Bytes received and sent by an interface.',
  ['network.interface.name', 'network.io.direction'],
);
export const SYSTEM_NETWORK_PACKETS: Metric = counter(
  'system.network.packets',
  COUNT,
  'Packets received and sent by an interface.',
  ['network.interface.name', 'network.io.direction'],
);
export const SYSTEM_NETWORK_ERRORS: Metric = counter(
  'system.network.errors',
  COUNT,
  'Receive and send errors of an interface.',
  ['network.interface.name', 'network.io.direction'],
);
export const SYSTEM_NETWORK_DROPPED: Metric = counter(
  'system.network.dropped',
  COUNT,
  'Packets dropped by an interface.',
  ['network.interface.name', 'network.io.direction'],
);
export const SYSTEM_NETWORK_CONNECTION_COUNT: Metric = gauge(
  'system.network.connection.count',
  COUNT,
  'TCP connections of the host by state.',
  ['network.connection.state'],
);

// The container
export const CONTAINER_CPU_TIME: Metric = counter(
  'container.cpu.time',
  SECONDS,
  'CPU time of the control group.',
);
export const CONTAINER_CPU_LIMIT: Metric = gauge(
  'container.cpu.limit',
  RATIO,
  'CPU quota in cores; absent without one.',
);
export const CONTAINER_CPU_UTILIZATION: Metric = gauge(
  'container.cpu.utilization',
  RATIO,
  'CPU time of the control group over its quota.',
);
export const CONTAINER_CPU_THROTTLED_TIME: Metric = counter(
  'container.cpu.throttled.time',
  SECONDS,
  'Time the control group was held back.',
);
export const CONTAINER_CPU_THROTTLED_PERIODS: Metric = counter(
  'container.cpu.throttled.periods',
  COUNT,
  'Periods in which it was held back.',
);
export const CONTAINER_MEMORY_USAGE: Metric = gauge(
  'container.memory.usage',
  BYTES,
  'Memory of the control group without file cache.',
);
export const CONTAINER_MEMORY_LIMIT: Metric = gauge(
  'container.memory.limit',
  BYTES,
  'Memory limit of the control group; absent without one.',
);
export const CONTAINER_MEMORY_UTILIZATION: Metric = gauge(
  'container.memory.utilization',
  RATIO,
  'Memory of the control group over its limit.',
);

// The agent itself
export const AGENT_CPU_TIME: Metric = counter(
  'tachograph.agent.cpu.time',
  SECONDS,
  'CPU time of the agent by thread.',
  ['thread.name'],
);
export const AGENT_CPU_UTILIZATION: Metric = gauge(
  'tachograph.agent.cpu.utilization',
  RATIO,
  'CPU time of the agent’s worker thread over wall time.',
);
export const AGENT_MEMORY_USAGE: Metric = gauge(
  'tachograph.agent.memory.usage',
  BYTES,
  'Heap and buffers of the agent’s worker thread.',
);
export const AGENT_SERIES_COUNT: Metric = gauge(
  'tachograph.agent.series.count',
  COUNT,
  'Series in the open window.',
);
export const AGENT_RING_UTILIZATION: Metric = gauge(
  'tachograph.agent.ring.utilization',
  RATIO,
  'Fullest ring seen at a drain.',
);
export const AGENT_SPOOL_USAGE: Metric = gauge(
  'tachograph.agent.spool.usage',
  BYTES,
  'Bytes in the spool.',
);
export const AGENT_SAMPLE_DURATION: Metric = histogram(
  'tachograph.agent.sample.duration',
  SECONDS,
  'One round of the system sampler.',
  ['tier'],
);
