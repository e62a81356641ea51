/** Endpoints that others add below the path of the metrics, for the clients that can read the metrics. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { endpointLate, endpointPath, endpointTwice } from './errors.js';
import { isEndpointPath } from './path.js';

/** Where a request arrived. */
export interface EndpointPlace {
  /** The path of the endpoint on this server, with prefixes: `/metrics/hello`. */
  readonly path: string;
  /** Aborted when the server begins to close. End streams then: the server waits for running responses. */
  readonly closing: AbortSignal;
  /** The address of the client, behind the proxies that are trusted. */
  readonly client: string | undefined;
}

/** One route of an endpoint. It answers GET and HEAD. */
export interface EndpointRoute {
  /** Below the endpoint's path, in Fastify's syntax: `''`, `/moons/:name`, `/*`. */
  readonly path: string;
  /**
   * Whether it is a page that browsers may open from a link of another site. All other routes are only for requests of the same origin, and for
   * clients that are no browsers.
   * @default false
   */
  readonly isPage?: boolean | ((request: FastifyRequest) => boolean);
  /** Answers a request, as a handler of Fastify does. Text is compressed for clients that accept it. `reply.callNotFound()` gives what an unknown path gives. */
  handle(request: FastifyRequest, reply: FastifyReply, place: EndpointPlace): unknown;
}

/** What is served below the path of the metrics. */
export interface MetricsEndpoint {
  /** Below the path of the metrics, such as `/hello` for `/metrics/hello`. Everything under it belongs to the endpoint. */
  readonly path: string;
  readonly routes: readonly EndpointRoute[];
}

/** A server that serves the endpoints of a registry. */
export interface EndpointHost {
  /** Whether it has started, so that no routes can be added. */
  readonly hasStarted: boolean;
  add(endpoint: MetricsEndpoint): void;
}

interface Offer {
  readonly endpoints: Map<string, MetricsEndpoint>;
  readonly hosts: Set<EndpointHost>;
}

// Where a registry is exposed, its endpoints are too: on a plain Fastify server as in an application.
const offers = new WeakMap<MetricsRegistry, Offer>();

/**
 * Adds an endpoint to the servers that expose a registry: its application, and `httpInstrumentation({ registry })`, on the metrics' own port where
 * they have one. A client that may not read the metrics gets what an unknown path gives, for every path below it. Its requests are in no HTTP metrics.
 *
 * Call it before the server listens: in an application, in `server` of an extension or in a start hook.
 * @throws TSK_ERR_ENDPOINT_PATH for a path that is not allowed, TSK_ERR_ENDPOINT_PATH_TAKEN if the registry has it already, or the application has a
 * route there, TSK_ERR_ENDPOINT_LATE if a server of the registry has started
 *
 * @example
 * addMetricsEndpoint(registry, { path: '/hello', routes: [{ path: '', handle: () => ({ hello: 'moon' }) }] });
 */
export function addMetricsEndpoint(registry: MetricsRegistry, endpoint: MetricsEndpoint): void {
  const { path } = endpoint;
  if (!isEndpointPath(path)) throw endpointPath(path);
  const { endpoints, hosts } = offerOf(registry);
  if (path === '/prometheus' || [...endpoints.keys()].some((known) => isUnder(known, path) || isUnder(path, known)))
    throw endpointTwice(path);
  const open = [...hosts];
  if (open.some(({ hasStarted }) => hasStarted)) throw endpointLate(path);
  endpoints.set(path, endpoint);
  for (const host of open) host.add(endpoint);
}

/** Adds the endpoints of a registry to a server, and those that come until it starts. */
export function hostEndpoints(registry: MetricsRegistry, host: EndpointHost): () => void {
  const { endpoints, hosts } = offerOf(registry);
  for (const endpoint of endpoints.values()) host.add(endpoint);
  hosts.add(host);
  return () => void hosts.delete(host);
}

/** Whether a path is another one, or below it. */
export function isUnder(path: string, above: string): boolean {
  return path.startsWith(above) && (path.length === above.length || path[above.length] === '/');
}

function offerOf(registry: MetricsRegistry): Offer {
  let offer = offers.get(registry);
  if (offer === undefined) {
    offer = { endpoints: new Map(), hosts: new Set() };
    offers.set(registry, offer);
  }
  return offer;
}
