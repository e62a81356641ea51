/** Measures the outgoing HTTP requests of the process, and tells observers of them. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import { clientCallsOf } from '../client-calls/client-calls.js';
import { checkedHosts } from './checked-hosts.js';
import { alreadyMeasured } from './errors.js';
import { type HostSelection, hostLabeller } from './host-labels.js';
import { followNodeHttp } from './node-channels.js';
import { OutgoingRequests, type RequestListener } from './outgoing-requests.js';
import { RequestRecorder } from './request-recorder.js';
import { followUndici } from './undici-channels.js';

export interface HttpClientOptions {
  /**
   * The hosts that have a `host` label of their own; requests to others are `<other>`. A host is named without scheme, with `*` for any part of it, and
   * with a port if only that one is meant: `api.example.com`, `*.example.com`, `localhost:8080`, `[::1]`. With `any`, each host has its own label, as
   * far as the series budget of the metrics allows.
   * @default []
   */
  readonly hosts?: HostSelection | undefined;
}

export interface HttpClientMeasurement {
  /** Ends it. Requests that are under way are not counted. */
  stop(): void;
}

const requests = new OutgoingRequests();
let unfollow: readonly (() => void)[] = [];

const measured = new WeakSet<MetricsRegistry>();
/** What tells the observers of a registry, and how many want that. */
const tellers = new WeakMap<MetricsRegistry, { readonly listener: RequestListener; uses: number }>();

/**
 * Counts and times the outgoing HTTP requests of the whole process in a registry, and tells observers of the registry of them: those of `fetch`,
 * undici, `node:http` and `node:https`, and of all libraries on top of them. In an application of the framework, set
 * `instrumentation.http_client.enabled` instead.
 *
 * Node.js publishes requests on diagnostics channels, so nothing is patched, and requests that began before are not seen. Several registries each see
 * all requests of the process.
 * @throws TSK_ERR_HTTP_CLIENT_HOST, TSK_ERR_HTTP_CLIENT_MEASURED if the registry measures them already, TSK_ERR_METRIC_SHAPE
 * @example const measurement = measureHttpClient(registry, { hosts: ['api.example.com'] });
 */
export function measureHttpClient(registry: MetricsRegistry, { hosts = [] }: HttpClientOptions = {}): HttpClientMeasurement {
  if (measured.has(registry)) throw alreadyMeasured();
  const recorder = new RequestRecorder({
    registry,
    hostOf: hostLabeller(checkedHosts(hosts, { key: 'hosts', source: 'measureHttpClient options' })),
  });
  measured.add(registry);
  const followed = followHttpClient(registry);
  listen(recorder);
  return onlyOnce(() => {
    recorder.stop();
    ignore(recorder);
    followed.stop();
    measured.delete(registry);
  });
}

/**
 * Tells the observers of a registry of outgoing requests, without measuring them. For tracing; can be called several times for a registry.
 * @see observeClientCalls
 */
export function followHttpClient(registry: MetricsRegistry): HttpClientMeasurement {
  let teller = tellers.get(registry);
  if (teller === undefined) {
    const calls = clientCallsOf(registry);
    teller = { listener: { began: (request, start) => (calls.isObserved ? calls.began(request, start) : undefined) }, uses: 0 };
    tellers.set(registry, teller);
  }
  const { listener } = teller;
  const counted = teller;
  counted.uses += 1;
  listen(listener);
  return onlyOnce(() => {
    counted.uses -= 1;
    if (counted.uses === 0) ignore(listener);
  });
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
