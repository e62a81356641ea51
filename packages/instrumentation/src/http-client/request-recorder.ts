/** Records outgoing requests in the metrics of one registry. */
import { METHODS } from 'node:http';
import { type Clock, type Distribution, type MetricsRegistry, type SeriesHolder, secondsBetween } from '@tsukimi/metrics';
import { CATALOGUE, UNKNOWN_METHOD } from '../catalogue.js';
import type { ClientCallStart, EndedClientCall, FollowedClientCall } from '../client-calls/client-call.js';
import { Kept, reporting } from '../kept-series.js';
import { type Count, ownCount, ownDistribution } from '../own-counts.js';
import { OTHER_HOST } from './host-labels.js';
import type { OutgoingRequest, RequestListener } from './outgoing-requests.js';
import type { Target } from './target.js';

const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

interface RequestRecorderOptions {
  readonly registry: MetricsRegistry;
  readonly hostOf: (target: Target) => string;
}

export class RequestRecorder implements RequestListener {
  readonly #registry: MetricsRegistry;
  readonly #hostOf: (target: Target) => string;
  #isStopped = false;
  /** By host and method. */
  readonly #hosts = new Map<string, Map<string, HostSeries>>();

  /** @throws TSK_ERR_METRIC_SHAPE if one of the metrics exists with another shape */
  constructor({ registry, hostOf }: RequestRecorderOptions) {
    this.#registry = registry;
    this.#hostOf = hostOf;
    registry.counter(CATALOGUE.httpClientRequests);
    registry.histogram(CATALOGUE.httpClientRequestDuration);
  }

  began(request: OutgoingRequest, { elapsedSeconds }: ClientCallStart): FollowedClientCall {
    const series = this.#seriesOf(this.#hostOf(request.target), methodLabel(request.method));
    return new RecordedRequest(this, series, elapsedSeconds);
  }

  get clock(): Clock {
    return this.#registry.clock;
  }

  /** Whether what ends now is no longer recorded. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  stop(): void {
    this.#isStopped = true;
  }

  #seriesOf(host: string, method: string): HostSeries {
    let methods = this.#hosts.get(host);
    if (methods === undefined) {
      if (this.#hosts.size > this.#registry.maxSeriesPerMetric && host !== OTHER_HOST) return this.#seriesOf(OTHER_HOST, method);
      methods = new Map();
      this.#hosts.set(host, methods);
    }
    let series = methods.get(method);
    if (series === undefined) {
      series = new HostSeries(this.#registry, { method, host });
      methods.set(method, series);
    }
    return series;
  }
}

/** Methods that are not in lower case are sent as they are; there are infinitely many others. */
function methodLabel(method: string): string {
  if (KNOWN_METHODS.has(method)) return method;
  const upper = method.toUpperCase();
  return KNOWN_METHODS.has(upper) ? upper : UNKNOWN_METHOD;
}

class RecordedRequest implements FollowedClientCall {
  readonly #start: bigint;

  constructor(
    private readonly recorder: RequestRecorder,
    private readonly series: HostSeries,
    /** Undefined if nobody has seen the beginning. Such a request is counted, and not timed. */
    private readonly elapsedSeconds: number | undefined,
  ) {
    this.#start = recorder.clock();
  }

  ended({ failure, statusCode }: EndedClientCall): void {
    const { recorder, elapsedSeconds } = this;
    if (recorder.isStopped) return;
    if (elapsedSeconds !== undefined) this.series.time(elapsedSeconds + secondsBetween(this.#start, recorder.clock()));
    this.series.count(failure ?? String(statusCode ?? 'other'));
  }
}

/** The series of one host and method. Nothing here throws: what can't be recorded is reported. */
class HostSeries {
  #durations: Kept<Distribution> | undefined;
  readonly #statuses = new Map<string, Kept<Count>>();

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly labels: { readonly method: string; readonly host: string },
  ) {}

  time(seconds: number): void {
    const { registry, labels } = this;
    this.#durations ??= this.#kept((holder) =>
      ownDistribution(registry.histogram(CATALOGUE.httpClientRequestDuration).labels(labels), holder),
    );
    this.#durations?.now?.record(seconds);
  }

  count(status: string): void {
    const { registry, labels } = this;
    let series = this.#statuses.get(status);
    if (series === undefined) {
      series = this.#kept((holder) => ownCount(registry.counter(CATALOGUE.httpClientRequests).labels({ ...labels, status }), holder));
      if (series !== undefined) this.#statuses.set(status, series);
    }
    series?.now?.add(1);
  }

  #kept<T>(find: (holder: SeriesHolder) => T): Kept<T> | undefined {
    return reporting(this.registry, () => new Kept(this.registry, find));
  }
}
