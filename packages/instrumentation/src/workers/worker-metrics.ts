/** The metrics of the primary about its workers. */
import type { PrimaryHost } from '@tsukimi/core';
import type { MetricsRegistry, TotalsSource } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import type { PrimaryTotals } from './primary-totals.js';

/** Adds `worker_up`, `worker_restarts_total` and `worker_snapshot_age_seconds`. */
export function addWorkerMetrics(totals: Pick<PrimaryTotals, 'registry' | 'ageOf'>, { workers }: PrimaryHost): void {
  const { registry } = totals;
  const slots = Array.from({ length: workers.count }, (_, index) => index + 1);
  registry.gauge({
    ...CATALOGUE.workerUp,
    collect() {
      const serving = new Set(workers.all().flatMap(({ worker, state }) => (state === 'starting' ? [] : [worker])));
      for (const worker of slots) this.set({ worker }, serving.has(worker) ? 1 : 0);
    },
  });
  registry.gauge({
    ...CATALOGUE.workerSnapshotAge,
    collect() {
      const all = workers.all();
      for (const slot of slots) {
        const newest = all.findLast(({ worker }) => worker === slot);
        const age = newest && totals.ageOf(newest);
        if (age === undefined) this.remove({ worker: slot });
        else this.set({ worker: slot }, age);
      }
    },
  });
  const restarts = registry.counter(CATALOGUE.workerRestarts);
  const known = new Map<number, number>();
  workers.onStarted(({ worker, restarts: count }) => {
    restarts.inc(Math.max(0, count - (known.get(worker) ?? 0)));
    known.set(worker, Math.max(count, known.get(worker) ?? 0));
  });
}

/** Returns what counts the requests of each worker, from the increases of the metric that counts all. */
export function countWorkerRequests(
  registry: MetricsRegistry,
  requests: string,
): (source: TotalsSource, metric: string, amount: number) => void {
  const counter = registry.counter(CATALOGUE.workerRequests);
  return ({ worker }, metric, amount) => {
    if (metric === requests) counter.inc({ worker }, amount);
  };
}
