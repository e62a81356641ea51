/** Counts every request once: when its response is finished, or when its connection is gone, whichever comes first. */
import { METHODS } from 'node:http';
import { type Clock, exemplarOfTrace, type MetricsRegistry, nanoseconds } from '@tsukimi/metrics';
import { ABORTED_STATUS, CATALOGUE, UNKNOWN_METHOD, UNMATCHED_PATH } from '../catalogue.js';
import { sampledTraceOf } from '../exemplars.js';
import type { RequestLabels } from '../labels/request-labels.js';
import { hasOpenTelemetryNames, hasTsukimiNames, type MetricNaming } from '../metric-naming.js';
import { type BodySizes, countBodies } from './body-sizes.js';
import { ComputedLabelsOfRequests, type Exchange } from './computed-labels.js';
import { InFlight } from './in-flight.js';
import type { LeftOutRoutes } from './left-out-routes.js';
import { serverDurationsOf } from './opentelemetry-outcomes.js';
import { durationsOf, requestsOf, type StatusOptions } from './outcome-series.js';
import type { NamedInstruments } from './outcomes.js';
import { ResetStreams } from './reset-streams.js';
import { RouteSeries, sizesOf } from './route-series.js';
import type { Answer, StreamKind } from './stream-kind.js';

/** A request that has arrived. */
export class OpenRequest {
  /** The series of its route; undefined until it is routed. */
  route: RouteSeries | undefined = undefined;
  ended = false;
  /** The status if its connection is closed before its response is finished. */
  abortStatus = ABORTED_STATUS;

  /** The kind of stream, if it was found to be one. */
  stream: StreamKind | undefined = undefined;
  /** Returns whether its connection was upgraded to another protocol; undefined if that is not possible. */
  isUpgraded: (() => boolean) | undefined = undefined;
  /** What is counted of its bodies; undefined if sizes are off. */
  bodies: BodySizes | undefined = undefined;
  /** The request and its reply in Fastify; undefined if no labels are computed of them, or before it got there. */
  exchange: Exchange | undefined = undefined;
  /** Its neighbours in the list of open requests. */
  previous: OpenRequest | undefined = undefined;
  next: OpenRequest | undefined = undefined;

  constructor(
    /** The arrival, in nanoseconds of the clock. */
    readonly start: number,
    readonly method: string | undefined,
    readonly answer: Answer,
  ) {}
}

const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

const PLAIN_STATUSES: StatusOptions = { hasClassOnDurations: false, areGrouped: false };

export interface HttpAccountingOptions {
  readonly leftOut?: LeftOutRoutes | undefined;
  readonly statuses?: StatusOptions;
  /** Whether to count the bytes of bodies. */
  readonly sizes?: boolean;
  /** Labels that are computed of each request. */
  readonly requestLabels?: RequestLabels | undefined;
  /** Whether durations have the trace of their request as exemplar, where it is sampled. Needs the request context. */
  readonly exemplars?: boolean;
  readonly naming?: MetricNaming;
  /**
   * What the server speaks.
   * @default 'http'
   */
  readonly scheme?: 'http' | 'https';
}

const accountings = new WeakMap<MetricsRegistry, HttpAccounting[]>();

/** Returns the accounting of each server that is recorded in a registry. */
export function accountingsOf(registry: MetricsRegistry): readonly HttpAccounting[] {
  return accountings.get(registry) ?? [];
}

interface Ended {
  readonly status: number;
  readonly stream: StreamKind | undefined;
  readonly end: number;
}

/** The HTTP requests of one server. */
export class HttpAccounting {
  /** The key of the open request on an HTTP/2 stream. */
  readonly requestKey = Symbol('tsukimi.request');
  /** The key of the open requests of a connection on its socket. */
  readonly connectionKey = Symbol('tsukimi.connection');
  /** HTTP/2 streams that were reset and will never be closed. */
  readonly resetStreams = new ResetStreams();
  /** All requested routes and methods, by path and method; null for those that are left out. */
  readonly #routes = new Map<string, Map<string, RouteSeries | null>>();
  readonly #instruments: NamedInstruments;
  readonly inFlight: InFlight;
  private readonly leftOut: LeftOutRoutes | undefined;
  private readonly sizes: boolean;
  private readonly exemplars: boolean;
  /** Whether nothing is read of requests when they end. */
  private readonly isPlain: boolean;
  readonly #clock: Clock;
  readonly #labels: ComputedLabelsOfRequests | undefined;

  constructor(registry: MetricsRegistry, options: HttpAccountingOptions = {}) {
    const { leftOut, statuses = PLAIN_STATUSES, sizes = false, requestLabels, exemplars = false } = options;
    const { naming = 'tsukimi', scheme = 'http' } = options;
    this.leftOut = leftOut;
    this.sizes = sizes;
    this.exemplars = exemplars;
    this.#clock = registry.clock;
    this.#labels = requestLabels && new ComputedLabelsOfRequests(registry, requestLabels);
    this.isPlain = requestLabels === undefined && !exemplars;
    this.#instruments = { registry, clock: registry.clock, statuses, requestLabels: this.#labels?.names ?? [], naming, scheme };
    if (hasTsukimiNames(naming)) {
      requestsOf(this.#instruments);
      durationsOf(this.#instruments);
    }
    if (hasOpenTelemetryNames(naming)) serverDurationsOf(this.#instruments);
    if (sizes) sizesOf(registry);
    registry.histogram(CATALOGUE.httpStreamDuration);
    this.inFlight = new InFlight(registry);
    accountings.set(registry, [...accountingsOf(registry), this]);
  }

  get registry(): MetricsRegistry {
    return this.#instruments.registry;
  }

  /** All recorded routes and methods that have been requested. */
  get routes(): readonly RouteSeries[] {
    return [...this.#routes.values()].flatMap((methods) => [...methods.values()]).filter((route) => route !== null);
  }

  /** Whether something is read of requests when they end, for which they have to be kept. */
  get readsRequests(): boolean {
    return !this.isPlain;
  }

  /** Returns the series of a route and method; null if it is left out. An undefined path means that no route matches. */
  routeFor(path: string | undefined, method: string | undefined): RouteSeries | null {
    const template = path ?? UNMATCHED_PATH;
    let methods = this.#routes.get(template);
    if (methods === undefined) {
      methods = new Map();
      this.#routes.set(template, methods);
    }
    const given = method ?? UNKNOWN_METHOD;
    // HTTP/2 clients can send any method, so unknown methods share one series.
    const label = path === undefined && !KNOWN_METHODS.has(given) ? UNKNOWN_METHOD : given;
    let route = methods.get(label);
    if (route === undefined) {
      route = this.leftOut?.has(label, path) === true ? null : new RouteSeries(label, template, this.#instruments);
      methods.set(label, route);
    }
    return route;
  }

  /** Begins a request that has arrived. Its route is set when it is known. */
  begin(method: string | undefined, answer: Answer): OpenRequest {
    const request = new OpenRequest(nanoseconds(this.#clock()), method, answer);
    if (this.sizes) request.bodies = countBodies(answer);
    this.inFlight.began(request);
    return request;
  }

  /** Ends a request whose response is finished, with its status. */
  finish(request: OpenRequest, status: number): void {
    if (request.ended) return;
    request.ended = true;
    const stream = this.inFlight.ended(request);
    const route = request.route ?? this.routeFor(undefined, request.method);
    if (route === null) return;
    const end = nanoseconds(this.#clock());
    if (stream === undefined && this.isPlain) route.record(status, request.start, end);
    else this.#recordOther(route, request, { status, stream, end });
    if (request.bodies !== undefined) route.recordSizes(request.bodies);
  }

  /** Ends a request whose connection is closed. Unless the response was finished, the client did not get all of it. */
  abort(request: OpenRequest): void {
    this.finish(request, request.abortStatus);
  }

  /** Drops a request that should not be recorded. */
  discard(request: OpenRequest): void {
    if (request.ended) return;
    request.ended = true;
    request.exchange = undefined;
    this.inFlight.ended(request);
  }

  /** Counts the response to a malformed request, whose begin is unknown. */
  countMalformed(status: number): void {
    const route = this.routeFor(undefined, undefined);
    const end = nanoseconds(this.#clock());
    if (this.#labels === undefined) route?.record(status, end, end);
    else route?.recordLabelled({ status, seconds: 0, end, values: this.#labels.of(undefined) });
  }

  /** Records streams, requests with labels of their own, and those that may have exemplars. */
  #recordOther(route: RouteSeries, request: OpenRequest, { status, stream, end }: Ended): void {
    const { exchange, start } = request;
    request.exchange = undefined;
    const seconds = (end - start) * 1e-9;
    const values = this.#labels?.of(exchange);
    if (stream !== undefined) route.recordStream(stream, { status, seconds, end, values });
    else if (values !== undefined) route.recordLabelled({ status, seconds, end, values });
    else route.record(status, start, end);
    // A stream has no exemplar, because its duration is not a response time.
    const trace = this.exemplars && stream === undefined && exchange !== undefined ? sampledTraceOf(exchange.request) : undefined;
    if (trace !== undefined) route.keepExemplar(status, { seconds, values, exemplar: exemplarOfTrace(trace.traceId, trace.spanId) });
  }
}
