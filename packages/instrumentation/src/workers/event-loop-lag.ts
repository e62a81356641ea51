/** How late the event loop of a worker is. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';

const RESOLUTION_MS = 10;

/** Adds `worker_event_loop_lag_seconds`: the 99th percentile since the scrape before. Returns a function that ends measuring. */
export function addEventLoopLag(registry: MetricsRegistry): () => void {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  registry.gauge({
    ...CATALOGUE.workerEventLoopLag,
    collect() {
      if (delays.count === 0) return;
      // What is measured is the time between two turns of a timer.
      this.set(Math.max(0, delays.percentile(99) / 1e9 - RESOLUTION_MS / 1000));
      delays.reset();
    },
  });
  return () => delays.disable();
}
