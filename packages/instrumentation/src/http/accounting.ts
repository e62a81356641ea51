/** Counts every request once: when its response is finished, or when its connection is gone, whichever comes first. */
import { METHODS } from 'node:http';
import { type Clock, type MetricsRegistry, nanoseconds } from '@tsukimi/metrics';
import { ABORTED_STATUS, CATALOGUE, UNKNOWN_METHOD, UNMATCHED_PATH } from '../catalogue.js';
import { InFlight } from './in-flight.js';
import type { LeftOutRoutes } from './left-out-routes.js';
import { ResetStreams } from './reset-streams.js';
import { type HttpInstruments, RouteSeries } from './route-series.js';
import type { Answer, StreamKind } from './stream-kind.js';

/** A request that has arrived. */
export class OpenRequest {
  /** Where it is recorded; undefined until it is routed, and for good where no route matches. */
  route: RouteSeries | undefined = undefined;
  ended = false;
  /** The status it ends with if its connection goes before its response is finished. */
  abortStatus = ABORTED_STATUS;

  /** The stream that it has turned out to be, as far as somebody has looked. */
  stream: StreamKind | undefined = undefined;
  /** Asks whether its connection goes on as another protocol; undefined if it can't. */
  isUpgraded: (() => boolean) | undefined = undefined;
  /** Its neighbours among those that are open. */
  previous: OpenRequest | undefined = undefined;
  next: OpenRequest | undefined = undefined;

  constructor(
    /** In nanoseconds of the clock. */
    readonly start: number,
    readonly method: string | undefined,
    readonly answer: Answer,
  ) {}
}

const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS);

/** The HTTP requests of one server. */
export class HttpAccounting {
  /** Where the open request of an HTTP/2 stream is found on it. */
  readonly requestKey = Symbol('tsukimi.request');
  /** Where a connection's open requests are found on its socket. */
  readonly connectionKey = Symbol('tsukimi.connection');
  /** HTTP/2 streams that were reset and will never be closed. */
  readonly resetStreams = new ResetStreams();
  /** Every route and method that has been asked for, by path and method; null for one that is left out. */
  readonly #routes = new Map<string, Map<string, RouteSeries | null>>();
  readonly #instruments: HttpInstruments;
  readonly inFlight: InFlight;
  readonly #clock: Clock;

  constructor(
    registry: MetricsRegistry,
    private readonly leftOut?: LeftOutRoutes,
  ) {
    this.#clock = registry.clock;
    registry.counter(CATALOGUE.httpRequests);
    registry.histogram(CATALOGUE.httpRequestDuration);
    this.#instruments = { registry, clock: registry.clock };
    registry.histogram(CATALOGUE.httpStreamDuration);
    this.inFlight = new InFlight(registry);
  }

  /** Every route and method that is recorded and has been asked for. */
  get routes(): readonly RouteSeries[] {
    return [...this.#routes.values()].flatMap((methods) => [...methods.values()]).filter((route) => route !== null);
  }

  /** The series of a route and method, null if it is left out; an undefined path stands for what no route matches. */
  routeFor(path: undefined, method: string | undefined): RouteSeries;
  routeFor(path: string | undefined, method: string | undefined): RouteSeries | null;
  routeFor(path: string | undefined, method: string | undefined): RouteSeries | null {
    const template = path ?? UNMATCHED_PATH;
    let methods = this.#routes.get(template);
    if (methods === undefined) {
      methods = new Map();
      this.#routes.set(template, methods);
    }
    const label = method ?? UNKNOWN_METHOD;
    const known = methods.get(label);
    if (known !== undefined) return known;
    if (path === undefined) return this.#addRoute(methods, template, KNOWN_METHODS.has(label) ? label : UNKNOWN_METHOD);
    if (this.leftOut?.has(label, template) !== true) return this.#addRoute(methods, template, label);
    methods.set(label, null);
    return null;
  }

  /** A request has arrived; its route is told when it is known. */
  begin(method: string | undefined, answer: Answer): OpenRequest {
    const request = new OpenRequest(nanoseconds(this.#clock()), method, answer);
    this.inFlight.began(request);
    return request;
  }

  /** The response is finished, and has this status. */
  finish(request: OpenRequest, status: number): void {
    if (request.ended) return;
    request.ended = true;
    const stream = this.inFlight.ended(request);
    const route = request.route ?? this.routeFor(undefined, request.method);
    const end = nanoseconds(this.#clock());
    if (stream === undefined) route.record(status, request.start, end);
    else route.recordStream(status, { kind: stream, seconds: (end - request.start) * 1e-9, end });
  }

  /** The connection is gone; unless the response was finished, nobody got it whole. */
  abort(request: OpenRequest): void {
    this.finish(request, request.abortStatus);
  }

  /** The request turned out to be one that is not recorded. */
  discard(request: OpenRequest): void {
    if (request.ended) return;
    request.ended = true;
    this.inFlight.ended(request);
  }

  /** Something that is not HTTP was answered; nobody knows when it began. */
  countMalformed(status: number): void {
    const now = nanoseconds(this.#clock());
    this.routeFor(undefined, undefined).record(status, now, now);
  }

  // HTTP/2 clients may call their methods as they like: what is no method is one series, however many are tried.
  #addRoute(methods: Map<string, RouteSeries | null>, template: string, method: string): RouteSeries {
    let route = methods.get(method);
    if (route === undefined || route === null) {
      route = new RouteSeries(method, template, this.#instruments);
      methods.set(method, route);
    }
    return route;
  }
}
