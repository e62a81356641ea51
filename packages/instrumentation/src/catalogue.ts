/** Every metric this package records: name, type, help, labels. Recorder, JSON view, dashboards and docs read it; nothing repeats a name. */
import { DURATION_BUCKETS_SECONDS, INVALID_VALUES, SERIES_DROPPED } from '@tsukimi/metrics';

/** The label of requests that no route matches: one series, however many paths are tried. */
export const UNMATCHED_PATH = '<unmatched>';

/** The label of what has no HTTP method: malformed requests, and methods that only an HTTP/2 client could make up. */
export const UNKNOWN_METHOD = '<unknown>';

/** The status of a request that its client gave up, or that was cut off before it was answered whole. */
export const ABORTED_STATUS = 499;

/** Bounds for what may be open for hours. */
const STREAM_BUCKETS_SECONDS: readonly number[] = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

export const CATALOGUE = {
  httpRequests: {
    type: 'counter',
    name: 'http_requests_total',
    help: 'HTTP requests that ended, by route template; aborted ones have status 499.',
    labelNames: ['method', 'path', 'status'],
  },
  httpRequestDuration: {
    type: 'histogram',
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its response, in seconds.',
    labelNames: ['method', 'path'],
    buckets: DURATION_BUCKETS_SECONDS,
  },
  httpRequestsInFlight: {
    type: 'gauge',
    name: 'http_requests_in_flight',
    help: 'HTTP requests that have arrived and not yet ended.',
    labelNames: [],
  },
  httpStreamsInFlight: {
    type: 'gauge',
    name: 'http_streams_in_flight',
    help: 'Streams of server-sent events and upgraded connections that are open; they are not among the requests in flight.',
    labelNames: ['kind'],
  },
  httpStreamDuration: {
    type: 'histogram',
    name: 'http_stream_duration_seconds',
    help: 'Time from the arrival of a request to the end of its stream of events or upgraded connection, in seconds.',
    labelNames: ['method', 'path', 'kind'],
    buckets: STREAM_BUCKETS_SECONDS,
  },
  componentCalls: {
    type: 'counter',
    name: 'component_calls_total',
    help: 'Calls of component methods that ended, by outcome.',
    labelNames: ['component', 'method', 'status'],
  },
  componentDuration: {
    type: 'histogram',
    name: 'component_duration_seconds',
    help: 'Time from the call of a component method until it returned, threw or settled, in seconds.',
    labelNames: ['component', 'method'],
    buckets: DURATION_BUCKETS_SECONDS,
  },
  componentDependency: {
    type: 'gauge',
    name: 'component_dependency_info',
    help: '1 for each component that another one is constructed with.',
    labelNames: ['component', 'depends_on'],
  },
  taskExecutions: {
    type: 'counter',
    name: 'scheduler_task_executions_total',
    help: 'Runs of scheduled tasks that ended, by outcome.',
    labelNames: ['task', 'status'],
  },
  taskDuration: {
    type: 'histogram',
    name: 'scheduler_task_duration_seconds',
    help: 'Time from the start of a scheduled run to its end, in seconds.',
    labelNames: ['task'],
    buckets: DURATION_BUCKETS_SECONDS,
  },
  tasksRunning: {
    type: 'gauge',
    name: 'scheduler_tasks_running',
    help: 'Runs of a scheduled task that have begun and not yet ended.',
    labelNames: ['task'],
  },
  sloEvents: {
    type: 'counter',
    name: 'slo_events_total',
    help: 'Calls that a service level objective counts, by outcome: good, or bad, which uses up the error budget.',
    labelNames: ['slo', 'outcome'],
  },
  sloObjective: {
    type: 'gauge',
    name: 'slo_objective_ratio',
    help: 'Share of calls that a service level objective wants to be good, between 0 and 1.',
    labelNames: ['slo'],
  },
  sloLatencyThreshold: {
    type: 'gauge',
    name: 'slo_latency_threshold_seconds',
    help: 'Longest time that a good call may take, in seconds, where the service level objective has one.',
    labelNames: ['slo'],
  },
  systemMemory: {
    type: 'gauge',
    name: 'system_memory_bytes',
    help: 'Memory of the process, by type, in bytes.',
    labelNames: ['type'],
  },
  systemCpu: {
    type: 'gauge',
    name: 'system_cpu_percent',
    help: 'CPU time the process used since the last sample, in percent of one core.',
    labelNames: [],
  },
  systemUptime: {
    type: 'gauge',
    name: 'system_uptime_seconds',
    help: 'Time since the process started, in seconds.',
    labelNames: [],
  },
  applicationInfo: {
    type: 'info',
    name: 'application_info',
    help: 'Always 1; its labels say what runs.',
    labelNames: ['name', 'version', 'node_version'],
  },
  accessDenied: {
    type: 'counter',
    name: 'metrics_access_denied_total',
    help: 'Requests to the metrics endpoints from addresses that metrics.allowed_ips does not have.',
    labelNames: [],
  },
  scrapesRejected: {
    type: 'counter',
    name: 'metrics_scrapes_rejected_total',
    help: 'Scrapes that were not answered, or cut off, by reason: too many were in flight, or their client read too slowly.',
    labelNames: ['reason'],
  },
  seriesDropped: { type: 'counter', ...SERIES_DROPPED },
  invalidValues: { type: 'counter', ...INVALID_VALUES },
} as const;

const names = new Set<string>(Object.values(CATALOGUE).map(({ name }) => name));

/** Whether a name is one of the catalogue's; every other one is the application's own. */
export function isInCatalogue(name: string): boolean {
  return names.has(name);
}
