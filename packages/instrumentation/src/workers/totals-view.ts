/** The JSON of `GET /metrics` for all workers: what one process shows, from the totals and from what only the workers know. */
import { type CounterSeries, Distribution, type HistogramSeries, Instrument, type MetricsRegistry, processMetrics } from '@tsukimi/metrics';
import { ABORTED_STATUS, CATALOGUE, OPENTELEMETRY_CATALOGUE, UNKNOWN_METHOD, UNMATCHED_PATH } from '../catalogue.js';
import { componentsView, type ShownComponent, type ShownMethod } from '../endpoints/json/components-view.js';
import { type CollectFailed, customView } from '../endpoints/json/custom-view.js';
import { httpView, type ShownRequests, type ShownRoute } from '../endpoints/json/http-view.js';
import { systemView } from '../endpoints/json/system-view.js';
import type { MetricNaming } from '../metric-naming.js';
import type { SystemSample } from '../system/sampler.js';
import type { TaskFacts, WorkerFacts } from './channels.js';

export interface TotalsViewSources {
  readonly enabled: boolean;
  readonly registry: MetricsRegistry;
  readonly naming: MetricNaming;
  readonly facts: readonly WorkerFacts[];
  /** Whether the whole application is measured, and not only single methods. */
  readonly isWhole: boolean;
}

export async function totalsView({ enabled, registry, naming, facts, isWhole }: TotalsViewSources, onCollectFailure: CollectFailed) {
  const guests = new Set(processMetrics().map((metric) => (metric as unknown as { readonly name: string }).name));
  const custom = Object.entries(await customView(registry, onCollectFailure)).filter(([name]) => !guests.has(name));
  const tasks = tasksOf(registry, facts);
  return {
    enabled,
    timestamp: new Date().toISOString(),
    instrumentation: {
      ...(isWhole && { system: systemView(sampleOf(registry)) }),
      ...(isWhole && { http: httpView({ routes: routesOf(registry, naming, facts), inFlight: inFlightOf(registry) }) }),
      ...(enabled && { components: componentsView(componentsOf(registry, facts)) }),
      custom: Object.fromEntries(custom),
    },
    ...(tasks !== undefined && {
      scheduler: { tasks, total_tasks: tasks.length, running_tasks: tasks.filter(({ running }) => running).length },
    }),
  };
}

/** The label sets of a metric by the names of their labels. */
function* seriesOf<S>(
  registry: MetricsRegistry,
  name: string,
): Generator<{ readonly labels: Readonly<Record<string, string>>; readonly series: S }> {
  const metric: unknown = registry.getSingleMetric(name);
  if (!(metric instanceof Instrument)) return;
  for (const series of metric.series) {
    const labels = Object.fromEntries(metric.labelNames.map((label, index) => [label, series.labelValues[index] ?? '']));
    yield { labels, series: series as unknown as S };
  }
}

class TotalRoute implements ShownRoute {
  readonly statuses = new Map<number, number>();
  readonly distribution = new Distribution([]);
  lastCalled: Date | undefined;
  #areGrouped = false;

  constructor(
    readonly method: string,
    readonly path: string,
  ) {}

  get requests(): number {
    return [...this.statuses.values()].reduce((sum, count) => sum + count, 0);
  }

  labelOf(status: number): string {
    return this.#areGrouped ? `${Math.floor(status / 100)}xx` : String(status);
  }

  /** @param status `204`, or `2xx` */
  count(status: string, count: number): void {
    this.#areGrouped ||= status.endsWith('xx');
    const code = Number(status.replace('xx', '00'));
    if (Number.isInteger(code)) this.statuses.set(code, (this.statuses.get(code) ?? 0) + count);
  }
}

function routesOf(registry: MetricsRegistry, naming: MetricNaming, facts: readonly WorkerFacts[]): readonly ShownRoute[] {
  const routes = new Map<string, TotalRoute>();
  const routeOf = (method = '', path = ''): TotalRoute => {
    const key = `${method} ${path}`;
    const route = routes.get(key) ?? new TotalRoute(method, path);
    routes.set(key, route);
    return route;
  };
  if (naming === 'otel') {
    for (const { labels, series } of seriesOf<HistogramSeries>(registry, OPENTELEMETRY_CATALOGUE.httpServerRequestDuration.name)) {
      const { http_request_method: method, http_route: path, http_response_status_code: status } = labels;
      const route = routeOf(method === '_OTHER' ? UNKNOWN_METHOD : method, path === '' ? UNMATCHED_PATH : path);
      route.count(status === '' || status === undefined ? String(ABORTED_STATUS) : status, series.distribution.count);
      route.distribution.merge(series.distribution);
    }
  } else {
    for (const { labels, series } of seriesOf<CounterSeries>(registry, CATALOGUE.httpRequests.name))
      routeOf(labels['method'], labels['path']).count(labels['status'] ?? '', series.value);
    for (const { labels, series } of seriesOf<HistogramSeries>(registry, CATALOGUE.httpRequestDuration.name))
      routeOf(labels['method'], labels['path']).distribution.merge(series.distribution);
  }
  for (const { method, path, at } of facts.flatMap(({ endpoints }) => endpoints)) {
    const route = routes.get(`${method} ${path}`);
    if (route !== undefined) route.lastCalled = later(route.lastCalled, at);
  }
  return [...routes.values()];
}

function inFlightOf(registry: MetricsRegistry): ShownRequests['inFlight'] {
  const [requests] = [...seriesOf<{ readonly value: number }>(registry, CATALOGUE.httpRequestsInFlight.name)];
  const streams = [...seriesOf<{ readonly value: number }>(registry, CATALOGUE.httpStreamsInFlight.name)];
  return {
    requests: requests?.series.value ?? 0,
    streams: Object.fromEntries(streams.map(({ labels, series }) => [labels['kind'] ?? '', series.value])),
  };
}

class TotalMethod implements ShownMethod {
  successes = 0;
  failures = 0;
  readonly failuresByError: Record<string, number> = {};
  readonly distribution = new Distribution([]);
  lastCalled: Date | undefined;
  readonly isExposed = true;

  constructor(readonly method: string) {}

  get calls(): number {
    return this.successes + this.failures;
  }
}

interface TotalComponent extends ShownComponent {
  readonly methods: Map<string, TotalMethod>;
}

function componentsOf(registry: MetricsRegistry, facts: readonly WorkerFacts[]): readonly ShownComponent[] {
  const components = new Map<string, TotalComponent>();
  const methodOf = ({ component = '', method = '' }: Readonly<Record<string, string>>): TotalMethod => {
    const kind = facts.map(({ kinds }) => kinds.get(component)).find((each) => each !== undefined) ?? 'component';
    const known = components.get(component) ?? { component, kind, methods: new Map<string, TotalMethod>() };
    components.set(component, known);
    const found = known.methods.get(method) ?? new TotalMethod(method);
    known.methods.set(method, found);
    return found;
  };
  for (const { labels, series } of seriesOf<CounterSeries>(registry, CATALOGUE.componentCalls.name)) {
    if (labels['status'] === 'failure') methodOf(labels).failures += series.value;
    else methodOf(labels).successes += series.value;
  }
  for (const { labels, series } of seriesOf<CounterSeries>(registry, CATALOGUE.componentFailures.name)) {
    const { error = '' } = labels;
    const { failuresByError } = methodOf(labels);
    failuresByError[error] = (failuresByError[error] ?? 0) + series.value;
  }
  for (const { labels, series } of seriesOf<HistogramSeries>(registry, CATALOGUE.componentDuration.name))
    methodOf(labels).distribution.merge(series.distribution);
  for (const { component, method, at } of facts.flatMap(({ methods }) => methods)) {
    const known = components.get(component)?.methods.get(method);
    if (known !== undefined) known.lastCalled = later(known.lastCalled, at);
  }
  return [...components.values()];
}

function sampleOf(registry: MetricsRegistry): SystemSample | undefined {
  const [cpu] = [...seriesOf<{ readonly value: number }>(registry, CATALOGUE.systemCpu.name)];
  if (cpu === undefined) return undefined;
  const memory = [...seriesOf<{ readonly value: number }>(registry, CATALOGUE.systemMemory.name)];
  const [loop] = [...seriesOf<{ readonly value: number }>(registry, CATALOGUE.eventLoopUtilization.name)];
  return {
    cpuPercent: cpu.series.value,
    memoryBytes: Object.fromEntries(memory.map(({ labels, series }) => [labels['type'] ?? '', series.value])),
    eventLoopUtilization: loop?.series.value,
  };
}

/** Tasks run in one of the workers at a time, so the newest run is that of the application; the numbers are those of the totals. */
function tasksOf(registry: MetricsRegistry, facts: readonly WorkerFacts[]): readonly TaskFacts[] | undefined {
  const lists = facts.flatMap(({ tasks }) => (tasks === undefined ? [] : [tasks]));
  if (lists.length === 0) return undefined;
  const newest = new Map<string, TaskFacts>();
  for (const task of lists.flat()) {
    const known = newest.get(task.name);
    const isNewer = known === undefined || (task.last_run ?? '') > (known.last_run ?? '');
    const [shown, other] = isNewer ? [task, known] : [known, task];
    newest.set(task.name, {
      ...shown,
      running: shown.running || other?.running === true,
      next_run: shown.next_run ?? other?.next_run ?? null,
    });
  }
  const counts = [...seriesOf<CounterSeries>(registry, CATALOGUE.taskExecutions.name)];
  const countOf = (name: string, failuresOnly: boolean): number =>
    counts
      .filter(({ labels }) => labels['task'] === name && (!failuresOnly || labels['status'] === 'failure'))
      .reduce((sum, { series }) => sum + series.value, 0);
  return [...newest.values()].map((task) =>
    counts.length === 0 ? task : { ...task, executions: countOf(task.name, false), failures: countOf(task.name, true) },
  );
}

function later(one: Date | undefined, other: Date): Date {
  return one === undefined || other > one ? other : one;
}
