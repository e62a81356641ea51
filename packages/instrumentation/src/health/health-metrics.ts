/** The metrics of an application's health checks. */
import type { HealthHost } from '@tsukimi/core';
import type { Gauge, MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import { reporting } from '../kept-series.js';

/**
 * Shows the last results of the checks in a registry, and counts how long runs take. A scrape starts the checks whose results are too old, and waits only
 * for the first result of each.
 */
export function measureHealth(registry: MetricsRegistry, health: HealthHost): void {
  registry.histogram(CATALOGUE.healthCheckDuration);
  registry.gauge({
    ...CATALOGUE.healthCheckUp,
    async collect(this: Gauge<'check'>) {
      if (health.checks.some(({ result }) => result === undefined)) await health.refresh();
      else void health.refresh();
      this.reset();
      for (const { name: check, result } of health.checks) if (result !== undefined) this.set({ check }, result.status === 'up' ? 1 : 0);
    },
  });
  health.onResult(({ name: check, result }) => {
    reporting(registry, () => registry.histogram(CATALOGUE.healthCheckDuration).observe({ check }, result.durationMs / 1000));
  });
}
