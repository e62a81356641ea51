/** Shares the metrics of a registry with the fleet, without the framework. */
import { addMetricsScope } from '@tsukimi/instrumentation';
import { type MetricsRegistry, PushLoop, type PushLoopOptions } from '@tsukimi/metrics';
import { Fleet } from './fleet/fleet.js';
import type { FleetView } from './fleet/fleet-view.js';
import { type RedisExporterOptions, redisExporter, redisSettings } from './redis-exporter.js';

export interface SharedMetricsOptions extends Omit<RedisExporterOptions, 'logger'>, Omit<PushLoopOptions, 'registry'> {}

/** The metrics of a process that are shared with others. */
export interface SharedMetrics {
  /** Adds what was counted before the call to the totals. Never rejects. @returns whether Redis has confirmed it */
  flush(limits?: { readonly timeoutMs?: number | undefined }): Promise<boolean>;
  /** Adds the last values, and closes the connection. Never rejects. @returns whether Redis has confirmed them */
  stop(limits?: { readonly timeoutMs?: number | undefined }): Promise<boolean>;
  /** The error of the last push, without credentials; undefined if it was confirmed. */
  readonly error: Error | undefined;
  /** Returns what the fleet has called, how often, when last, and how long it took. @throws TSK_ERR_REDIS_READ */
  fleetView(): Promise<FleetView>;
  /** Returns a registry with the totals of the fleet. @throws TSK_ERR_REDIS_READ */
  fleetRegistry(): Promise<MetricsRegistry>;
}

/**
 * Adds what a registry counts to the totals of a fleet in Redis, at each interval, and shows the totals at the endpoints of the registry with
 * `?scope=fleet`. Call `stop()` when the process ends.
 *
 * @example
 * const registry = new MetricsRegistry();
 * await app.register(httpInstrumentation, { registry });
 * const shared = shareMetrics(registry, { url: 'redis://localhost:6379' });
 * app.addHook('onClose', () => shared.stop());
 * @throws TSK_ERR_REDIS_OPTION, TSK_ERR_REDIS_CLIENT, TSK_ERR_PUSH_OPTION, and TSK_ERR_ENDPOINT_SCOPE if the registry is shared already
 */
export function shareMetrics(registry: MetricsRegistry, options: SharedMetricsOptions = {}): SharedMetrics {
  const { timeoutMs = 5_000, intervalMs = 10_000 } = options;
  const settings = redisSettings({ ...options, gaugeTtlMs: options.gaugeTtlMs ?? gaugeTtlFor(intervalMs) });
  const loop = new PushLoop(redisExporter(registry, settings), { ...options, registry });
  const fleet = new Fleet({ ...settings, timeoutMs });
  const removeScope = addMetricsScope(registry, fleet);
  loop.start();
  return {
    flush: (limits) => loop.flush(limits),
    stop: (limits) => {
      removeScope();
      return loop.stop(limits);
    },
    get error() {
      return loop.error;
    },
    fleetView: () => fleet.view(),
    fleetRegistry: () => fleet.registry(),
  };
}

/** Gauges outlive two pushes that fail. */
export function gaugeTtlFor(intervalMs: number): number {
  return Math.min(2 ** 31 - 1, Math.max(30_000, 3 * intervalMs));
}
