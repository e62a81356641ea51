/** Records outgoing requests in the metrics of one registry. */
import { METHODS } from 'node:http';
import { type Clock, type MetricsRegistry, secondsBetween } from '@tsukimi/metrics';
import { UNKNOWN_METHOD } from '../catalogue.js';
import type { ClientCallStart, EndedClientCall, FollowedClientCall } from '../client-calls/client-call.js';
import { hasOpenTelemetryNames, type MetricNaming } from '../metric-naming.js';
import { type HostLabels, OTHER_HOST } from './host-labels.js';
import { createMetrics, HostSeries } from './host-series.js';
import type { OutgoingRequest, RequestListener } from './outgoing-requests.js';
import type { Target } from './target.js';

const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

interface RequestRecorderOptions {
  readonly registry: MetricsRegistry;
  readonly naming: MetricNaming;
  readonly hostOf: (target: Target) => HostLabels;
}

export class RequestRecorder implements RequestListener {
  readonly #registry: MetricsRegistry;
  readonly #naming: MetricNaming;
  readonly #hostOf: (target: Target) => HostLabels;
  readonly #keyOf: (host: HostLabels) => string;
  #isStopped = false;
  /** By host and method, under OpenTelemetry's names by port too. */
  readonly #hosts = new Map<string, Map<string, HostSeries>>();

  /** @throws TSK_ERR_METRIC_SHAPE if one of the metrics exists with another shape */
  constructor({ registry, naming, hostOf }: RequestRecorderOptions) {
    this.#registry = registry;
    this.#naming = naming;
    this.#hostOf = hostOf;
    // Series that have the same labels are held once.
    this.#keyOf = hasOpenTelemetryNames(naming) ? ({ host, port }) => `${host} ${port}` : ({ host }) => host;
    createMetrics(registry, naming);
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

  #seriesOf(host: HostLabels, method: string): HostSeries {
    const key = this.#keyOf(host);
    let methods = this.#hosts.get(key);
    if (methods === undefined) {
      if (this.#hosts.size > this.#registry.maxSeriesPerMetric && host !== OTHER_HOST) return this.#seriesOf(OTHER_HOST, method);
      methods = new Map();
      this.#hosts.set(key, methods);
    }
    let series = methods.get(method);
    if (series === undefined) {
      series = new HostSeries(this.#registry, { naming: this.#naming, method, host });
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
    const seconds = elapsedSeconds === undefined ? undefined : elapsedSeconds + secondsBetween(this.#start, recorder.clock());
    this.series.record(seconds, { failure, statusCode });
  }
}
