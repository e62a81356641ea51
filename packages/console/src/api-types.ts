/**
 * The JSON of the live page, below `/metrics/ui/api/`: what the server sends, and what the page reads.
 *
 * Types only, without imports, so that the page can be built from them. Times are in seconds since 1970, durations in seconds, shares and rates of
 * errors between 0 and 1. `null` is what there is no value for. Names, messages and values come from the application: show them as text.
 */

/** A label set: names and values. */
export type LabelSet = Readonly<Record<string, string>>;

/**
 * The part of the history that an answer is about. `from` and `to` are what the history can give, which may be a little more or less than was asked
 * for: old history is kept in coarser steps.
 */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** `GET meta`: what there is to see. */
export interface Meta {
  /** Changes when the process restarts: drop everything known then. */
  readonly instance: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly nodeVersion: string;
  readonly pid: number;
  readonly host: string;
  readonly startedAt: number;
  readonly now: number;
  /** False if `instrumentation.enabled` is false: nothing is measured but the application's own metrics. */
  readonly isMeasuring: boolean;
  /** The path of the JSON metrics; `/prometheus` below it is the text. */
  readonly metricsPath: string;
  readonly history: HistoryState;
  /** Views that have nothing to show are false. */
  readonly has: {
    readonly http: boolean;
    readonly components: boolean;
    readonly system: boolean;
    readonly scheduler: boolean;
    readonly settings: boolean;
    readonly errors: boolean;
    readonly profile: boolean;
  };
}

export interface HistoryState {
  /** The oldest time that can be asked for. */
  readonly oldest: number;
  readonly newest: number;
  /** Seconds between two samples. */
  readonly sampleSeconds: number;
  readonly bytes: number;
  readonly maxBytes: number;
  readonly series: number;
}

/** Numbers over a range. Percentiles are those of all values in the range, from merged distributions, at most 2.2 % off. */
export interface Latency {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly average: number | null;
}

/** `GET overview`; `GET live?view=overview`. */
export interface Overview {
  readonly now: number;
  readonly span: Span;
  /** The last sample: rates are those of the last 10 seconds. */
  readonly current: OverviewValues;
  /** Over the whole range. */
  readonly total: {
    readonly requests: number;
    readonly errors: number;
    readonly latency: Latency;
  };
  readonly points: OverviewPoint[];
  /** Seconds between two points. */
  readonly step: number;
}

export interface OverviewValues {
  /** Requests per second; null without HTTP accounting, like all that are about requests. */
  readonly requestRate: number | null;
  /** Share of responses with status 500 and above. */
  readonly errorRate: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly inFlight: number | null;
  readonly streams: number | null;
  /** Calls of component methods per second. */
  readonly callRate: number | null;
  /** Share of one core: 1 is one core. */
  readonly cpu: number | null;
  /** Resident memory. */
  readonly memoryBytes: number | null;
  readonly heapBytes: number | null;
  /** Mean delay of the event loop. */
  readonly eventLoopLag: number | null;
  readonly eventLoopLagP99: number | null;
  readonly eventLoopUtilization: number | null;
  readonly uptimeSeconds: number | null;
}

export interface OverviewPoint extends OverviewValues {
  /** The end of the step. */
  readonly at: number;
}

/** What the rows of routes and methods have in common. */
export interface Activity {
  /** Identifies the row. */
  readonly key: string;
  /** Calls or requests in the range. */
  readonly count: number;
  /** Per second. */
  readonly rate: number;
  /** Failed calls; responses with status 500 and above. */
  readonly errors: number;
  /** Share of `count`. */
  readonly errorRate: number | null;
  readonly latency: Latency;
  /** Seconds spent in the range, in all calls together. */
  readonly totalSeconds: number;
  /** Share of `totalSeconds` of all rows. Methods that call others include their time. */
  readonly share: number;
  /** The end of the last one, also before the range; null before the first. */
  readonly lastCalled: number | null;
}

export interface RouteRow extends Activity {
  readonly method: string;
  /** The template, such as `/api/users/:userId`; `<unmatched>`. */
  readonly path: string;
  /** Responses with status 400 to 499 in the range. */
  readonly clientErrors: number;
  readonly byStatus: Readonly<Record<string, number>>;
}

export interface MethodRow extends Activity {
  readonly component: string;
  readonly method: string;
  /** `service`, `controller`, `repository`, `object`, ... */
  readonly kind: string;
  /** Failures in the range by the class of their error. */
  readonly byError: Readonly<Record<string, number>>;
}

/** `GET routes`, `GET components`; `GET live?view=routes`. */
export interface Table<Row extends Activity> {
  readonly now: number;
  readonly span: Span;
  /** In no order. */
  readonly rows: Row[];
}

/** `GET route?method=&path=`, `GET method?component=&method=`; `GET live?view=route&...`. */
export interface Detail<Row extends Activity = RouteRow | MethodRow> {
  readonly now: number;
  readonly span: Span;
  readonly step: number;
  /** Null if it has not been called since the history began. */
  readonly row: Row | null;
  readonly points: DetailPoint[];
  readonly heat: HeatMap;
  readonly lastErrors: LastError[];
}

export interface DetailPoint {
  /** The end of the step. */
  readonly at: number;
  readonly rate: number;
  /** Per second. */
  readonly errorRate: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** A distribution over time. The buckets are the same for all columns. */
export interface HeatMap {
  /** Upper bounds of the buckets, ascending; a bucket begins where the one before ends. Empty if nothing was recorded. */
  readonly bounds: number[];
  /** The lower bound of the first bucket. */
  readonly lowest: number;
  readonly columns: HeatColumn[];
}

export interface HeatColumn {
  readonly at: number;
  /** Values in each bucket. */
  readonly counts: number[];
}

/** `GET errors`; newest first. */
export interface LastErrors {
  readonly now: number;
  /** False if `instrumentation.console.errors` is `off`: the list is empty then. */
  readonly isKept: boolean;
  readonly errors: LastError[];
}

export interface LastError {
  /** Ascending. */
  readonly id: number;
  readonly at: number;
  /** The class of what was thrown. */
  readonly type: string;
  /** Without what looks like a credential; null if messages are not shown. */
  readonly message: string | null;
  /** What failed: a method of a component. */
  readonly component: string | null;
  readonly method: string | null;
  /** Or a route, such as `GET /api/users/:userId`. */
  readonly route: string | null;
}

/** `GET map`; `GET live?view=map`. */
export interface DependencyMap {
  readonly now: number;
  readonly span: Span;
  readonly nodes: MapNode[];
  readonly edges: MapEdge[];
}

/** `routes` stand left, `database` and `host` right. */
export type MapNodeKind = 'routes' | 'component' | 'database' | 'host';

export interface MapNode {
  /** Unique: `component:MoonService`. */
  readonly id: string;
  readonly kind: MapNodeKind;
  readonly name: string;
  /** The kind of a component: `service`. */
  readonly componentKind: string | null;
  /** 0 is left; each dependency is further right than what depends on it, but for loops. */
  readonly layer: number;
  readonly rate: number;
  readonly errorRate: number | null;
  /** Seconds spent in it per second. */
  readonly busy: number;
  readonly p95: number | null;
}

export interface MapEdge {
  readonly key: string;
  /** Ids of nodes. */
  readonly from: string;
  readonly to: string;
  /** Per second; null if it is not known which of several callers called: the rate of `to` then is in the node. */
  readonly rate: number | null;
}

/** `GET scheduler`; `GET live?view=scheduler`. */
export interface SchedulerState {
  readonly now: number;
  readonly span: Span;
  readonly tasks: TaskRow[];
}

export interface TaskRow {
  /** The name. */
  readonly key: string;
  readonly trigger: string;
  readonly isRunning: boolean;
  readonly executions: number;
  readonly failures: number;
  readonly nextRun: number | null;
  readonly lastRun: number | null;
  readonly lastDuration: number | null;
  /** The class of the last run's error. */
  readonly lastError: string | null;
  /** In the range. */
  readonly latency: Latency;
  /** Newest first, as far as the history goes. */
  readonly runs: TaskRun[];
}

export interface TaskRun {
  /** The end, as exact as the history is there. */
  readonly at: number;
  /** Mean if several ended in one step. */
  readonly duration: number | null;
  readonly succeeded: number;
  readonly failed: number;
}

/** `GET metrics`: every family of the registry; `GET live?view=metrics`. */
export interface MetricList {
  readonly now: number;
  readonly metrics: MetricHead[];
}

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'gaugehistogram' | 'summary' | 'info' | 'stateset' | 'untyped';

/** `rate`: per second over time; `value`: over time; `latency`: rate, percentiles and heat map; `states`: over time; `labels`: a table. */
export type ChartKind = 'rate' | 'value' | 'latency' | 'states' | 'labels';

export interface MetricHead {
  /** The name of the family. */
  readonly key: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string | null;
  /** Whether it is the application's own, not one that Tsukimi records. */
  readonly isOwn: boolean;
  readonly series: number;
  readonly chart: ChartKind;
  /** Label names. */
  readonly labels: string[];
  readonly promql: { readonly title: string; readonly query: string }[];
}

/** `GET metric?name=`; `GET live?view=metric&name=`. */
export interface MetricDetail {
  readonly now: number;
  readonly span: Span;
  readonly step: number;
  readonly head: MetricHead | null;
  /** At most 50: those with the highest values. */
  readonly series: MetricSeries[];
  readonly seriesLeftOut: number;
  readonly points: MetricPoint[];
  /** Of all series together; null unless the chart is `latency`. */
  readonly heat: HeatMap | null;
}

export interface MetricPoint {
  /** The end of the step. */
  readonly at: number;
  /** One for each of `series`: rates of counters, histograms (of their values) and summaries; values of all others. */
  readonly values: (number | null)[];
}

export interface MetricSeries {
  /** Identifies the series. */
  readonly key: string;
  readonly labels: LabelSet;
  /** The value of now: of counters since the start; of histograms and summaries their count. */
  readonly value: number | null;
  /** Histograms, over the whole range; summaries as they report it. */
  readonly latency: Latency | null;
  /** The state of a state set. */
  readonly state: string | null;
}

/** `GET settings`. */
export interface Settings {
  readonly settings: Setting[];
  readonly profiles: string[];
}

export interface Setting {
  /** `metrics.allowed_ips` */
  readonly key: string;
  /** As YAML would have it; null if it looks like a secret. */
  readonly value: string | null;
  readonly isSecret: boolean;
  readonly isDefault: boolean;
  /** `application.yml:6`, an environment variable, ... */
  readonly source: string;
}

/** Every answer with a status of 400 and above. */
export interface Failure {
  readonly error: string;
}

/**
 * `GET live?view=...`, with the query of the view: events of a stream. The first is `state`, with all that the view's own endpoint gives; then a
 * `change` for each second in which something changed. A `:` line every 10 seconds says that the server is there. After a reconnect, it begins again
 * with `state`. `closing` is the last event of a server that stops.
 */
export type LiveEvent =
  | { readonly event: 'state'; readonly data: LiveState }
  | { readonly event: 'change'; readonly data: LiveChange }
  | { readonly event: 'closing'; readonly data: Record<string, never> };

export type LiveState =
  | ({ readonly view: 'overview'; readonly instance: string } & Overview)
  | ({ readonly view: 'routes'; readonly instance: string } & Table<RouteRow>)
  | ({ readonly view: 'components'; readonly instance: string } & Table<MethodRow>)
  | ({ readonly view: 'route'; readonly instance: string } & Detail<RouteRow>)
  | ({ readonly view: 'method'; readonly instance: string } & Detail<MethodRow>)
  | ({ readonly view: 'errors'; readonly instance: string } & LastErrors)
  | ({ readonly view: 'map'; readonly instance: string } & DependencyMap)
  | ({ readonly view: 'scheduler'; readonly instance: string } & SchedulerState)
  | ({ readonly view: 'metrics'; readonly instance: string } & MetricList)
  | ({ readonly view: 'metric'; readonly instance: string } & MetricDetail);

export type View = LiveState['view'];

/**
 * What changed in the state. To apply it:
 * - `set`: replace these members of the state.
 * - `upsert`: for each list named, replace the items that have the same identity, and append the others. The identity of an item is its `key`, `id` or
 *   `at`, the first of them that it has. `heat.columns` is the list in `heat`.
 * - `remove`: for each list named, drop the items of these identities, as text.
 * In the lists `points` and `heat.columns`, drop what is at or before `span.from` then.
 */
export interface LiveChange {
  readonly now: number;
  readonly set?: Readonly<Record<string, unknown>>;
  readonly upsert?: Readonly<Record<string, readonly unknown[]>>;
  readonly remove?: Readonly<Record<string, readonly string[]>>;
}
