/** Every metric that this package records: its name, type, help and labels. Recording, the JSON view, dashboards and docs all use this list. */
import {
  DURATION_BUCKETS_SECONDS,
  EXPORTER_LAST_SUCCESS,
  EXPORTER_PUSHES,
  EXPORTER_UP,
  INVALID_VALUES,
  SERIES_DROPPED,
} from '@tsukimi/metrics';

/** The `path` of requests that match no route, so that they share one series. */
export const UNMATCHED_PATH = '<unmatched>';

/** The `method` of malformed requests, and of methods that Node.js does not know, which only HTTP/2 clients can send. */
export const UNKNOWN_METHOD = '<unknown>';

/** The `status` of a request that the client aborted, or whose response was cut off. */
export const ABORTED_STATUS = 499;

/** Bounds for streams, which can stay open for hours. */
const STREAM_BUCKETS_SECONDS: readonly number[] = [1, 5, 15, 60, 300, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** Bounds for calls of methods, which take microseconds as often as seconds: what lies in the first bucket, Prometheus can't tell apart. */
const CALL_BUCKETS_SECONDS: readonly number[] = [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** Bounds for bodies, from short JSON to large files: 100 bytes to 100 MB. */
const BODY_BUCKETS_BYTES: readonly number[] = [100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

export const CATALOGUE = {
  httpRequests: {
    type: 'counter',
    name: 'http_requests_total',
    help: 'Finished HTTP requests, by route template; aborted requests have status 499.',
    labelNames: ['method', 'path', 'status'],
  },
  httpRequestDuration: {
    type: 'histogram',
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its response, in seconds.',
    labelNames: ['method', 'path'],
    buckets: DURATION_BUCKETS_SECONDS,
  },
  httpRequestSize: {
    type: 'histogram',
    name: 'http_request_size_bytes',
    help: 'Bytes of request bodies on the wire, without headers and framing, if instrumentation.http.sizes is on.',
    labelNames: ['method', 'path'],
    buckets: BODY_BUCKETS_BYTES,
  },
  httpResponseSize: {
    type: 'histogram',
    name: 'http_response_size_bytes',
    help: 'Bytes of response bodies on the wire, without headers and framing, if instrumentation.http.sizes is on.',
    labelNames: ['method', 'path'],
    buckets: BODY_BUCKETS_BYTES,
  },
  httpRequestsInFlight: {
    type: 'gauge',
    name: 'http_requests_in_flight',
    help: 'HTTP requests that have arrived and are not finished.',
    labelNames: [],
  },
  httpStreamsInFlight: {
    type: 'gauge',
    name: 'http_streams_in_flight',
    help: 'Open streams of server-sent events and upgraded connections; http_requests_in_flight does not include them.',
    labelNames: ['kind'],
  },
  httpStreamDuration: {
    type: 'histogram',
    name: 'http_stream_duration_seconds',
    help: 'Time from the arrival of a request to the end of its event stream or upgraded connection, in seconds.',
    labelNames: ['method', 'path', 'kind'],
    buckets: STREAM_BUCKETS_SECONDS,
  },
  httpClientRequests: {
    type: 'counter',
    name: 'http_client_requests_total',
    help: 'Finished outgoing HTTP requests, by host and status code; without a complete response, the status is the kind of failure.',
    labelNames: ['method', 'host', 'status'],
  },
  httpClientRequestDuration: {
    type: 'histogram',
    name: 'http_client_request_duration_seconds',
    help: 'Time from the beginning of an outgoing HTTP request to the last byte of its response, in seconds.',
    labelNames: ['method', 'host'],
    buckets: DURATION_BUCKETS_SECONDS,
  },
  componentCalls: {
    type: 'counter',
    name: 'component_calls_total',
    help: 'Finished calls of component methods, by outcome.',
    labelNames: ['component', 'method', 'status'],
  },
  componentFailures: {
    type: 'counter',
    name: 'component_failures_total',
    help: 'Calls of component methods that threw or rejected, by the class of the error.',
    labelNames: ['component', 'method', 'error'],
  },
  componentDuration: {
    type: 'histogram',
    name: 'component_duration_seconds',
    help: 'Time from the call of a component method until it returned, threw or settled, in seconds.',
    labelNames: ['component', 'method'],
    buckets: CALL_BUCKETS_SECONDS,
  },
  componentDependency: {
    type: 'gauge',
    name: 'component_dependency_info',
    help: 'Always 1; the labels name a component and a component that it depends on.',
    labelNames: ['component', 'depends_on'],
    aggregator: 'max',
  },
  taskExecutions: {
    type: 'counter',
    name: 'scheduler_task_executions_total',
    help: 'Finished runs of scheduled tasks, by outcome.',
    labelNames: ['task', 'status'],
  },
  taskDuration: {
    type: 'histogram',
    name: 'scheduler_task_duration_seconds',
    help: 'Duration of the runs of a scheduled task, in seconds.',
    labelNames: ['task'],
    buckets: DURATION_BUCKETS_SECONDS,
  },
  tasksRunning: {
    type: 'gauge',
    name: 'scheduler_tasks_running',
    help: 'Runs of a scheduled task that are in progress.',
    labelNames: ['task'],
  },
  tasksSkipped: {
    type: 'counter',
    name: 'scheduler_task_skipped_total',
    help: "Due runs of a task with once: 'fleet' that this instance did not start, because it does not hold the lease.",
    labelNames: ['task'],
  },
  taskLeaseHeld: {
    type: 'gauge',
    name: 'scheduler_task_lease_held',
    help: "Whether this instance holds the lease of a task with once: 'fleet': 1, or 0.",
    labelNames: ['task'],
  },
  taskLeaseAge: {
    type: 'gauge',
    name: 'scheduler_task_lease_age_seconds',
    help: "Time for which this instance has held the lease of a task with once: 'fleet', in seconds; no series without it.",
    labelNames: ['task'],
  },
  healthCheckUp: {
    type: 'gauge',
    name: 'health_check_up',
    help: 'Whether a health check was up when it ran last: 1, or 0.',
    labelNames: ['check'],
    aggregator: 'min',
  },
  healthCheckDuration: {
    type: 'histogram',
    name: 'health_check_duration_seconds',
    help: 'Duration of the runs of a health check, in seconds; a run that took too long counts with its limit.',
    labelNames: ['check'],
    buckets: DURATION_BUCKETS_SECONDS,
  },
  sloEvents: {
    type: 'counter',
    name: 'slo_events_total',
    help: 'Calls that a service level objective counts, by outcome: good or bad. Bad calls use up the error budget.',
    labelNames: ['slo', 'outcome'],
  },
  sloObjective: {
    type: 'gauge',
    name: 'slo_objective_ratio',
    help: 'Target share of good calls of a service level objective, between 0 and 1.',
    labelNames: ['slo'],
    aggregator: 'last',
  },
  sloLatencyThreshold: {
    type: 'gauge',
    name: 'slo_latency_threshold_seconds',
    help: 'Maximum duration of a good call, in seconds, for service level objectives that limit the duration.',
    labelNames: ['slo'],
    aggregator: 'last',
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
    help: 'CPU time that the process has used since the last sample, in percent of one core.',
    labelNames: [],
  },
  eventLoopUtilization: {
    type: 'gauge',
    name: 'nodejs_eventloop_utilization_ratio',
    help: 'Share of time that the event loop was busy since the last sample, between 0 and 1.',
    labelNames: [],
    aggregator: 'max',
  },
  mainThreadCpu: {
    type: 'counter',
    name: 'nodejs_main_thread_cpu_seconds_total',
    help: 'CPU time that the main thread has used, in seconds, if Node.js reports it.',
    labelNames: [],
  },
  systemUptime: {
    type: 'gauge',
    name: 'system_uptime_seconds',
    help: 'Time since the process started, in seconds.',
    labelNames: [],
    aggregator: 'max',
  },
  applicationInfo: {
    type: 'info',
    name: 'application_info',
    help: 'Always 1; the labels are the name and version of the application and the version of Node.js.',
    labelNames: ['name', 'version', 'node_version'],
  },
  accessDenied: {
    type: 'counter',
    name: 'metrics_access_denied_total',
    help: 'Requests to the metrics endpoints from addresses that are not in metrics.allowed_ips.',
    labelNames: [],
  },
  scrapesRejected: {
    type: 'counter',
    name: 'metrics_scrapes_rejected_total',
    help: 'Scrapes that were rejected or cut off, by reason: too many were in flight, or the client read too slowly.',
    labelNames: ['reason'],
  },
  workerUp: {
    type: 'gauge',
    name: 'worker_up',
    help: 'Whether a worker of server.workers serves requests: 1 or 0.',
    labelNames: ['worker'],
  },
  workerRestarts: {
    type: 'counter',
    name: 'worker_restarts_total',
    help: 'Workers that were started because one had ended by itself; rolling restarts do not count.',
    labelNames: [],
  },
  workerRequests: {
    type: 'counter',
    name: 'worker_requests_total',
    help: 'Finished HTTP requests, by the worker that served them.',
    labelNames: ['worker'],
  },
  workerEventLoopLag: {
    type: 'gauge',
    name: 'worker_event_loop_lag_seconds',
    help: '99th percentile of the delay of the event loop of a worker since the scrape before, in seconds.',
    labelNames: [],
    aggregator: 'worker',
  },
  workerSnapshotAge: {
    type: 'gauge',
    name: 'worker_snapshot_age_seconds',
    help: 'Time since the primary process last heard of the metrics of a worker, in seconds; it rises while a worker is stuck.',
    labelNames: ['worker'],
  },
  exporterUp: { type: 'gauge', ...EXPORTER_UP },
  exporterPushes: { type: 'counter', ...EXPORTER_PUSHES },
  exporterLastSuccess: { type: 'gauge', ...EXPORTER_LAST_SUCCESS },
  seriesDropped: { type: 'counter', ...SERIES_DROPPED },
  invalidValues: { type: 'counter', ...INVALID_VALUES },
} as const;

/** What OpenTelemetry recommends. @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
const OPENTELEMETRY_BUCKETS_SECONDS: readonly number[] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** @see https://opentelemetry.io/docs/specs/semconv/database/database-metrics/ */
const OPENTELEMETRY_DATABASE_BUCKETS_SECONDS: readonly number[] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** What is recorded instead, or too, with `metrics.naming: otel` or `both`: the metrics with stable semantic conventions. */
export const OPENTELEMETRY_CATALOGUE = {
  httpServerRequestDuration: {
    type: 'histogram',
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP server requests.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code', 'url_scheme', 'error_type'],
    buckets: OPENTELEMETRY_BUCKETS_SECONDS,
  },
  httpClientRequestDuration: {
    type: 'histogram',
    name: 'http_client_request_duration_seconds',
    help: 'Duration of HTTP client requests.',
    labelNames: ['http_request_method', 'server_address', 'server_port', 'http_response_status_code', 'error_type'],
    buckets: OPENTELEMETRY_BUCKETS_SECONDS,
  },
  dbClientOperationDuration: {
    type: 'histogram',
    name: 'db_client_operation_duration_seconds',
    help: 'Duration of database client operations.',
    labelNames: ['db_system_name', 'db_operation_name', 'error_type'],
    buckets: OPENTELEMETRY_DATABASE_BUCKETS_SECONDS,
  },
} as const;

const names = new Set<string>([...Object.values(CATALOGUE), ...Object.values(OPENTELEMETRY_CATALOGUE)].map(({ name }) => name));

/** Returns whether a metric is in the catalogue. All other metrics are the application's own. */
export function isInCatalogue(name: string): boolean {
  return names.has(name);
}
