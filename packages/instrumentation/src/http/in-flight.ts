/** Counts requests and streams in flight. Whether a request is a stream is determined when the values are read, at no cost for requests. */
import type { GaugeSeries, MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import { RunningCount } from '../kept-series.js';
import type { OpenRequest } from './accounting.js';
import { OpenRequests } from './open-requests.js';
import { STREAM_KINDS, type StreamKind, streamKindOf } from './stream-kind.js';

/** The counts in each registry, because several servers can share the gauges of one. */
const counting = new WeakMap<MetricsRegistry, Set<InFlight>>();

function refresh(registry: MetricsRegistry): void {
  for (const each of counting.get(registry) ?? []) each.tellStreams();
}

/** The requests and streams in flight on one server. */
export class InFlight {
  readonly #requests: RunningCount;
  readonly #streams: ReadonlyMap<StreamKind, RunningCount>;
  readonly #open = new OpenRequests();

  constructor(registry: MetricsRegistry) {
    const collect = (): void => refresh(registry);
    this.#requests = new RunningCount(registry, (): GaugeSeries => registry.gauge({ ...CATALOGUE.httpRequestsInFlight, collect }).labels());
    const streams = (kind: StreamKind) =>
      new RunningCount(registry, () => registry.gauge({ ...CATALOGUE.httpStreamsInFlight, collect }).labels({ kind }));
    this.#streams = new Map(STREAM_KINDS.map((kind) => [kind, streams(kind)]));
    const others = counting.get(registry) ?? new Set();
    counting.set(registry, others.add(this));
    this.#forget = () => void others.delete(this);
  }

  readonly #forget: () => void;

  get requests(): number {
    this.tellStreams();
    return this.#requests.running;
  }

  get streams(): Readonly<Record<string, number>> {
    this.tellStreams();
    return Object.fromEntries([...this.#streams].map(([kind, { running }]) => [kind, running]));
  }

  began(request: OpenRequest): void {
    this.#requests.began();
    this.#open.add(request);
  }

  /** @returns the kind of stream; undefined if the request was not a stream */
  ended(request: OpenRequest): StreamKind | undefined {
    const { stream } = request;
    if (stream !== undefined) {
      this.#streams.get(stream)?.ended();
      return stream;
    }
    this.#open.remove(request);
    this.#requests.ended();
    return streamKindOf(request);
  }

  /** Moves the requests that were found to be streams. */
  tellStreams(): void {
    for (const request of this.#open) {
      const kind = streamKindOf(request);
      if (kind === undefined) continue;
      this.#open.remove(request);
      request.stream = kind;
      this.#requests.ended();
      this.#streams.get(kind)?.began();
    }
  }

  /** Called when the server has closed and no more requests begin. */
  close(): void {
    if (this.#requests.running === 0) this.#forget();
  }
}
