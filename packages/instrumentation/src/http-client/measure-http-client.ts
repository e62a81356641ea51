/** Measures the outgoing HTTP requests of the process, and tells observers of them. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { ClientCallStart, FollowedClientCall } from '../client-calls/client-call.js';
import { type ClientCalls, clientCallsOf } from '../client-calls/client-calls.js';
import { METRIC_NAMINGS, type MetricNaming } from '../metric-naming.js';
import { checkedHostList, checkedHosts } from './checked-hosts.js';
import { alreadyMeasured, unknownNaming } from './errors.js';
import { type HostSelection, hostLabeller } from './host-labels.js';
import { followNodeHttp } from './node-channels.js';
import { type OutgoingRequest, OutgoingRequests, type RequestListener } from './outgoing-requests.js';
import { DEFAULT_PROPAGATE_TO, PropagatedHosts } from './propagation.js';
import { RequestRecorder } from './request-recorder.js';
import type { Target } from './target.js';
import { followUndici } from './undici-channels.js';

export interface HttpClientOptions {
  /**
   * The hosts that have a `host` label of their own; requests to others are `<other>`. A host is named without scheme, with `*` for any part of it, and
   * with a port if only that one is meant: `api.example.com`, `*.example.com`, `localhost:8080`, `[::1]`. With `any`, each host has its own label, as
   * far as the series budget of the metrics allows.
   * @default []
   */
  readonly hosts?: HostSelection | undefined;
  /**
   * The hosts that `x-request-id`, `traceparent` and `tracestate` of the caller's context are passed on to, named as in `hosts`; `loopback` stands for
   * this machine. Headers that the caller has set stay.
   * @default ['loopback']
   */
  readonly propagateTo?: readonly string[] | undefined;
  /**
   * The names and labels of the metrics: Tsukimi's, those of OpenTelemetry's conventions, or both.
   * @default 'tsukimi'
   */
  readonly naming?: MetricNaming | undefined;
}

export interface HttpClientMeasurement {
  /** Ends it. Requests that are under way are not counted. */
  stop(): void;
}

const requests = new OutgoingRequests();
let unfollow: readonly (() => void)[] = [];

const measured = new WeakSet<MetricsRegistry>();
/** What tells the observers of a registry. */
const tellers = new WeakMap<MetricsRegistry, Teller>();

/**
 * Counts and times the outgoing HTTP requests of the whole process in a registry, and tells observers of the registry of them: those of `fetch`,
 * undici, `node:http` and `node:https`, and of all libraries on top of them. Passes the context of the caller on to `propagateTo`. In an application of
 * the framework, set `instrumentation.http_client.enabled` instead.
 *
 * Node.js publishes requests on diagnostics channels, so nothing is patched, and requests that began before are not seen. Several registries each see
 * all requests of the process.
 * @throws TSK_ERR_HTTP_CLIENT_HOST, TSK_ERR_HTTP_CLIENT_NAMING, TSK_ERR_HTTP_CLIENT_MEASURED if the registry measures them already, TSK_ERR_METRIC_SHAPE
 * @example const measurement = measureHttpClient(registry, { hosts: ['api.example.com'] });
 */
export function measureHttpClient(registry: MetricsRegistry, options: HttpClientOptions = {}): HttpClientMeasurement {
  const { hosts = [], propagateTo = DEFAULT_PROPAGATE_TO, naming = 'tsukimi' } = options;
  const source = 'measureHttpClient options';
  const checked = checkedHosts(hosts, { key: 'hosts', source });
  checkedHostList(propagateTo, { key: 'propagateTo', source });
  if (!METRIC_NAMINGS.includes(naming)) throw unknownNaming(naming);
  if (measured.has(registry)) throw alreadyMeasured();
  const recorder = new RequestRecorder({ registry, naming, hostOf: hostLabeller(checked) });
  measured.add(registry);
  const followed = followHttpClient(registry, { propagateTo });
  listen(recorder);
  return onlyOnce(() => {
    recorder.stop();
    ignore(recorder);
    followed.stop();
    measured.delete(registry);
  });
}

/**
 * Tells the observers of a registry of outgoing requests, and passes the context of the caller on, without measuring anything. For tracing; can be
 * called several times for a registry, whose hosts then add up.
 * @throws TSK_ERR_HTTP_CLIENT_HOST
 * @see observeClientCalls
 */
export function followHttpClient(
  registry: MetricsRegistry,
  { propagateTo = DEFAULT_PROPAGATE_TO }: Pick<HttpClientOptions, 'propagateTo'> = {},
): HttpClientMeasurement {
  const hosts = new PropagatedHosts(checkedHostList(propagateTo, { key: 'propagateTo', source: 'followHttpClient options' }));
  let teller = tellers.get(registry);
  if (teller === undefined) {
    teller = new Teller(clientCallsOf(registry));
    tellers.set(registry, teller);
  }
  const used = teller;
  used.uses.add(hosts);
  listen(used);
  return onlyOnce(() => {
    used.uses.delete(hosts);
    if (used.uses.size === 0) ignore(used);
  });
}

/** Tells the observers of one registry. */
class Teller implements RequestListener {
  /** The hosts of each that wants it. */
  readonly uses = new Set<PropagatedHosts>();

  constructor(private readonly calls: ClientCalls) {}

  began(request: OutgoingRequest, start: ClientCallStart): FollowedClientCall | undefined {
    return this.calls.isObserved ? this.calls.began(request, start) : undefined;
  }

  propagatesTo(target: Target): boolean {
    for (const hosts of this.uses) if (hosts.has(target)) return true;
    return false;
  }
}

function listen(listener: RequestListener): void {
  if (!requests.hasListeners) unfollow = [followUndici(requests), followNodeHttp(requests)];
  requests.add(listener);
}

function ignore(listener: RequestListener): void {
  requests.delete(listener);
  if (requests.hasListeners) return;
  for (const end of unfollow) end();
  unfollow = [];
}

function onlyOnce(act: () => void): HttpClientMeasurement {
  let isDone = false;
  return {
    stop: () => {
      if (!isDone) act();
      isDone = true;
    },
  };
}
