/** The `http` part of the JSON view. */
import { Distribution } from '@tsukimi/metrics';
import type { RouteSeries } from '../../http/route-series.js';
import { latencyOf } from './latency.js';

/** What is shown of a route. */
export type ShownRoute = Pick<RouteSeries, 'method' | 'path' | 'requests' | 'statuses' | 'distribution' | 'lastCalled' | 'labelOf'>;

/** What is shown of requests: those of a server, or of all workers. */
export interface ShownRequests {
  readonly routes: readonly ShownRoute[];
  readonly inFlight: { readonly requests: number; readonly streams: Readonly<Record<string, number>> };
}

export function httpView(accounting: ShownRequests) {
  const routes = accounting.routes.filter((route) => route.requests > 0);
  const all = new Distribution([]);
  for (const route of routes) all.merge(route.distribution);
  return {
    total_requests: routes.reduce((sum, { requests }) => sum + requests, 0),
    in_flight: accounting.inFlight.requests,
    streams_in_flight: accounting.inFlight.streams,
    requests_by_method: sumBy(routes, (route) => [[route.method, route.requests]]),
    responses_by_status: sumBy(routes, (route) => [...route.statuses].map(([status, count]) => [route.labelOf(status), count])),
    latency: latencyOf(all),
    endpoints: Object.fromEntries(routes.map((route) => [`${route.method} ${route.path}`, endpointView(route)])),
  };
}

function endpointView(route: ShownRoute) {
  return {
    requests: route.requests,
    errors: answersFrom(route, 500, 599),
    client_errors: answersFrom(route, 400, 499),
    last_called: route.lastCalled?.toISOString() ?? null,
    latency: latencyOf(route.distribution),
  };
}

function answersFrom({ statuses }: ShownRoute, lowest: number, highest: number): number {
  return [...statuses].reduce((sum, [status, count]) => (status >= lowest && status <= highest ? sum + count : sum), 0);
}

function sumBy(
  routes: readonly ShownRoute[],
  parts: (route: ShownRoute) => readonly (readonly [string, number])[],
): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, count] of routes.flatMap(parts)) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}
