/** What Prometheus must have of the demo once it has sent the known mix: all of it, and nothing else. */

/** Series as their labels, in alphabetical order and without `job` and `instance`, and their value. */
export type Table = readonly (readonly [labels: string, value: number])[];

/** Requests that ended, by method, route and status. */
export const REQUESTS: Table = [
  ['method=DELETE path=<unmatched> status=404', 1],
  ['method=GET path=/api/orders status=200', 2],
  ['method=GET path=/api/orders/revenue status=200', 2],
  ['method=GET path=/api/orders/user/:userId status=200', 2],
  ['method=GET path=/api/orders/user/:userId status=404', 1],
  ['method=GET path=/api/users status=200', 2],
  ['method=GET path=/api/users/:userId status=200', 3],
  ['method=GET path=/api/users/:userId status=400', 1],
  ['method=GET path=/api/users/:userId status=404', 1],
  ['method=GET path=<unmatched> status=404', 2],
  ['method=HEAD path=/api/users status=200', 1],
  ['method=POST path=/api/orders status=201', 12],
  ['method=POST path=/api/orders status=400', 1],
  ['method=POST path=/api/orders status=404', 1],
  ['method=POST path=/api/users status=201', 2],
  ['method=POST path=/api/users status=400', 2],
  ['method=POST path=/api/users status=409', 1],
  ['method=POST path=/api/users status=499', 1],
];

/** What a body or a parameter that does not fit would have called is not called. */
export const COMPONENT_CALLS: readonly (readonly [component: string, method: string, success: number, failure: number])[] = [
  ['HomeController', 'page', 0, 0],
  ['UserController', 'create', 2, 1],
  ['UserController', 'all', 3, 0],
  ['UserController', 'byId', 3, 1],
  ['OrderController', 'create', 12, 1],
  ['OrderController', 'all', 2, 0],
  ['OrderController', 'byUser', 2, 1],
  ['OrderController', 'revenue', 2, 0],
  ['UserService', 'create', 2, 1],
  ['UserService', 'all', 3, 0],
  ['UserService', 'byId', 17, 3],
  ['OrderService', 'create', 12, 1],
  ['OrderService', 'all', 2, 0],
  ['OrderService', 'byUser', 2, 1],
  ['OrderService', 'revenue', 2, 0],
  ['ReconciliationService', 'reconcile', 0, 0],
  ['UserRepository', 'insert', 2, 0],
  ['UserRepository', 'findAll', 3, 0],
  ['UserRepository', 'findById', 20, 0],
  ['UserRepository', 'existsByUsername', 3, 0],
  ['OrderRepository', 'insert', 12, 0],
  ['OrderRepository', 'findAll', 4, 0],
  ['OrderRepository', 'findByUser', 2, 0],
  ['OrderRepository', 'findNonPositive', 0, 0],
];

/** The calls of OrderController: 12 + 2 + 2 + 2, and 2 that fail by their client's fault, with a 404. */
export const SLO_EVENTS = 20;

/** Who is constructed with whom. */
export const DEPENDENCIES = [
  'component=UserController depends_on=UserService',
  'component=OrderController depends_on=OrderService',
  'component=UserService depends_on=UserRepository',
  'component=OrderService depends_on=OrderRepository',
  'component=OrderService depends_on=UserService',
  'component=ReconciliationService depends_on=OrderRepository',
];

const TRACKED = ['rss', 'heap_used', 'heap_total', 'external', 'array_buffers'];

/** `instrumentation.track_memory` is on in the demo's application.yml. */
export const MEMORY_TYPES = ['vms', ...TRACKED, ...TRACKED.map((type) => `${type}_peak`)];

/** Every name but those of prom-client's default metrics and of the scrape itself. */
export const METRIC_NAMES = [
  'application_info',
  'component_calls_total',
  'component_dependency_info',
  'component_duration_seconds_bucket',
  'component_duration_seconds_count',
  'component_duration_seconds_sum',
  'component_failures_total',
  'database_full_scan_total',
  'database_query_rows_returned_bucket',
  'database_query_rows_returned_count',
  'database_query_rows_returned_sum',
  'database_writes_total',
  'expensive_aggregation_total',
  'health_check_duration_seconds_bucket',
  'health_check_duration_seconds_count',
  'health_check_duration_seconds_sum',
  'health_check_up',
  'http_request_duration_seconds_bucket',
  'http_request_duration_seconds_count',
  'http_request_duration_seconds_sum',
  'http_request_size_bytes_bucket',
  'http_request_size_bytes_count',
  'http_request_size_bytes_sum',
  'http_requests_in_flight',
  'http_requests_total',
  'http_response_size_bytes_bucket',
  'http_response_size_bytes_count',
  'http_response_size_bytes_sum',
  'http_streams_in_flight',
  'metrics_access_denied_total',
  'metrics_scrapes_rejected_total',
  'scheduler_task_duration_seconds_bucket',
  'scheduler_task_duration_seconds_count',
  'scheduler_task_duration_seconds_sum',
  'scheduler_task_executions_total',
  'scheduler_tasks_running',
  'slo_events_total',
  'slo_latency_threshold_seconds',
  'slo_objective_ratio',
  'system_cpu_percent',
  'system_memory_bytes',
  'system_uptime_seconds',
];
