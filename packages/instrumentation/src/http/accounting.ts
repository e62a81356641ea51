/** Counts every request once: when its response is finished, or when its connection is gone, whichever comes first. */
import { type GaugeSeries, type MetricsRegistry, secondsBetween } from '@tsukimi/metrics';
import { ABORTED_STATUS, CATALOGUE, UNMATCHED_PATH } from '../catalogue.js';
import { RouteSeries } from './route-series.js';

/** A request that has arrived. */
export interface OpenRequest {
  readonly start: bigint;
  route: RouteSeries;
  ended: boolean;
}

/** The HTTP requests of one server. */
export class HttpAccounting {
  /** Every route and method that has been asked for, by path and method. */
  readonly routes = new Map<string, Map<string, RouteSeries>>();
  readonly #inFlight: GaugeSeries;

  constructor(private readonly registry: MetricsRegistry) {
    registry.counter(CATALOGUE.httpRequests);
    registry.histogram(CATALOGUE.httpRequestDuration);
    this.#inFlight = registry.gauge(CATALOGUE.httpRequestsInFlight).labels();
  }

  get inFlight(): number {
    return this.#inFlight.value;
  }

  /** The series of a route; `undefined` stands for what no route matches. */
  routeFor(path: string | undefined, method: string): RouteSeries {
    const template = path ?? UNMATCHED_PATH;
    let methods = this.routes.get(template);
    if (methods === undefined) {
      methods = new Map();
      this.routes.set(template, methods);
    }
    let route = methods.get(method);
    if (route === undefined) {
      route = new RouteSeries(method, template, this.registry);
      methods.set(method, route);
    }
    return route;
  }

  begin(route: RouteSeries): OpenRequest {
    this.#inFlight.inc();
    return { start: this.registry.clock(), route, ended: false };
  }

  /** The response is finished, and has this status. */
  finish(request: OpenRequest, status: number): void {
    if (request.ended) return;
    request.ended = true;
    this.#inFlight.dec();
    request.route.record(status, secondsBetween(request.start, this.registry.clock()));
  }

  /** The connection is gone; unless the response was finished, nobody got it whole. */
  abort(request: OpenRequest): void {
    this.finish(request, ABORTED_STATUS);
  }
}
