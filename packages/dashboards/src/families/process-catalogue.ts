/** prom-client's metrics of the process, as `processMetrics()` of `@tsukimi/metrics` exposes them. */

/** The metrics by subject, so that panels and rules need not repeat the names. */
export const PROCESS_CATALOGUE = {
  cpu: counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.'),
  cpuUser: counter('process_cpu_user_seconds_total', 'Total user CPU time spent in seconds.'),
  cpuSystem: counter('process_cpu_system_seconds_total', 'Total system CPU time spent in seconds.'),
  startTime: gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.'),
  residentMemory: gauge('process_resident_memory_bytes', 'Resident memory size in bytes.'),
  virtualMemory: gauge('process_virtual_memory_bytes', 'Virtual memory size in bytes.'),
  processHeap: gauge('process_heap_bytes', 'Process heap size in bytes.'),
  openFileDescriptors: gauge('process_open_fds', 'Number of open file descriptors.'),
  maxFileDescriptors: gauge('process_max_fds', 'Maximum number of open file descriptors.'),
  eventLoopLag: gauge('nodejs_eventloop_lag_seconds', 'Lag of event loop in seconds.'),
  eventLoopLagMin: gauge('nodejs_eventloop_lag_min_seconds', 'The minimum recorded event loop delay.'),
  eventLoopLagMax: gauge('nodejs_eventloop_lag_max_seconds', 'The maximum recorded event loop delay.'),
  eventLoopLagMean: gauge('nodejs_eventloop_lag_mean_seconds', 'The mean of the recorded event loop delays.'),
  eventLoopLagDeviation: gauge('nodejs_eventloop_lag_stddev_seconds', 'The standard deviation of the recorded event loop delays.'),
  eventLoopLagP50: gauge('nodejs_eventloop_lag_p50_seconds', 'The 50th percentile of the recorded event loop delays.'),
  eventLoopLagP90: gauge('nodejs_eventloop_lag_p90_seconds', 'The 90th percentile of the recorded event loop delays.'),
  eventLoopLagP99: gauge('nodejs_eventloop_lag_p99_seconds', 'The 99th percentile of the recorded event loop delays.'),
  activeResources: gauge(
    'nodejs_active_resources',
    'Number of active resources that are currently keeping the event loop alive, grouped by async resource type.',
    ['type'],
  ),
  activeHandles: gauge(
    'nodejs_active_handles',
    'Number of active libuv handles grouped by handle type. Every handle type is C++ class name.',
    ['type'],
  ),
  activeRequests: gauge(
    'nodejs_active_requests',
    'Number of active libuv requests grouped by request type. Every request type is C++ class name.',
    ['type'],
  ),
  heapTotal: gauge('nodejs_heap_size_total_bytes', 'Process heap size from Node.js in bytes.'),
  heapUsed: gauge('nodejs_heap_size_used_bytes', 'Process heap size used from Node.js in bytes.'),
  externalMemory: gauge('nodejs_external_memory_bytes', 'Node.js external memory size in bytes.'),
  heapSpaceTotal: gauge('nodejs_heap_space_size_total_bytes', 'Process heap space size total from Node.js in bytes.', ['space']),
  heapSpaceUsed: gauge('nodejs_heap_space_size_used_bytes', 'Process heap space size used from Node.js in bytes.', ['space']),
  heapSpaceAvailable: gauge('nodejs_heap_space_size_available_bytes', 'Process heap space size available from Node.js in bytes.', [
    'space',
  ]),
  nodeVersion: {
    type: 'info',
    name: 'nodejs_version_info',
    help: 'Node.js version info.',
    labelNames: ['version', 'major', 'minor', 'patch'],
  },
  garbageCollection: {
    type: 'histogram',
    name: 'nodejs_gc_duration_seconds',
    help: 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.',
    labelNames: ['kind'],
  },
} as const;

function counter<const N extends string>(name: N, help: string) {
  return { type: 'counter', name, help, labelNames: [] } as const;
}

function gauge<const N extends string>(name: N, help: string, labelNames: readonly string[] = []) {
  return { type: 'gauge', name, help, labelNames } as const;
}
