/** What the endpoints of an application are served with, by the application itself or by the primary of its workers. */
import type { HealthDetails } from '@tsukimi/core';
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { CATALOGUE } from '../catalogue.js';
import { clientAddress } from '../endpoints/client-address.js';
import type { EndpointOptions } from '../endpoints/routes.js';
import { keptCounter } from '../kept-series.js';
import { isLoopback } from '../loopback.js';
import type { InstrumentationConfiguration } from './configuration.js';

/** Where the endpoints are, who can read them, and their limits. */
export function endpointOptions(
  { metrics, allowed, hosts, trustedProxies }: InstrumentationConfiguration,
  { registry, logger }: { readonly registry: MetricsRegistry; readonly logger: FastifyBaseLogger },
): Pick<EndpointOptions, 'path' | 'access' | 'hosts' | 'limits'> {
  return {
    path: metrics.path,
    access: {
      allowed,
      trustedProxies,
      denied: keptCounter(registry, () => registry.counter(CATALOGUE.accessDenied).labels()),
      logger,
    },
    hosts,
    limits: {
      registry,
      maxInFlight: metrics.max_scrapes_in_flight,
      timeoutMs: metrics.scrape_timeout_ms,
      setBy: { maxInFlight: 'metrics.max_scrapes_in_flight', timeoutMs: 'metrics.scrape_timeout_ms' },
    },
  };
}

/** Whether messages of errors, which may contain secrets, are for those who can read the metrics. */
export function showsMessages({ server, allowed, metrics }: InstrumentationConfiguration): boolean {
  return !allowed.isEmpty || (isLoopback(server.host) && server.trust_proxy.length === 0) || metrics.show_error_messages;
}

/** What a client sees of the checks of probes, where `health.details` leaves it to the metrics: those that can read them see the checks. */
export function detailsFor(configuration: InstrumentationConfiguration): (request: FastifyRequest) => HealthDetails {
  const { metrics, allowed, trustedProxies } = configuration;
  const details = showsMessages(configuration) ? 'messages' : 'results';
  return ({ raw }) => {
    const isAllowed = allowed.isEmpty ? metrics.enabled : allowed.has(clientAddress(raw, trustedProxies));
    return isAllowed ? details : 'none';
  };
}
