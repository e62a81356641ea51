/** What the endpoints of an application are served with, by the application itself or by the primary of its workers. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import type { FastifyBaseLogger } from 'fastify';
import { CATALOGUE } from '../catalogue.js';
import type { EndpointOptions } from '../endpoints/routes.js';
import { keptCounter } from '../kept-series.js';
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
